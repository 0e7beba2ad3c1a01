using Keyway.Net.Buffers;

namespace Keyway.Proxy.Pipelining;

/// <content>What comes to a client without being a reply: between replies, never inside one.</content>
internal abstract partial class ClientConnection
{
    private OutputBuffer? _pushes; // those that came while a reply was on its way in pieces

    /// <summary>True while the client is one that others send to (a subscriber): it may be quiet for as long as it likes.</summary>
    internal virtual bool AwaitsMessages => false;

    /// <summary>True while a reply is made of several answers: nothing is to come between them.</summary>
    protected bool IsMidAnswer { get; set; }

    /// <summary>Sends something that no request asked for, in two pieces. The limits of replies do not hold for it: the caller has its own.</summary>
    protected void Push(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> rest)
    {
        OutputBuffer output = Out;
        if (IsMidAnswer || _head is { IsStreaming: true })
        {
            output = _pushes ??= new OutputBuffer(Reactor.Buffers);
            _held += begin.Length + rest.Length;
        }

        output.Write(begin);
        output.Write(rest);
        QueueFlush();
    }

    /// <summary>Sends something that no request asked for; the limits of replies hold, and the client can be closed by it.</summary>
    internal void Push(ReadOnlySpan<byte> bytes)
    {
        Push(bytes, default);
        AfterOutput();
    }

    /// <summary>The reply of several answers is complete.</summary>
    protected void EndMidAnswer()
    {
        IsMidAnswer = false;
        TakePushes();
        QueueFlush();
        CloseIfAnswered();
    }

    /// <summary>A reply has ended: what came in its middle leaves.</summary>
    private void TakePushes()
    {
        if (_pushes is { IsEmpty: false } && !IsMidAnswer)
        {
            _held -= _pushes.Length;
            Out.TakeAll(_pushes);
        }
    }
}
