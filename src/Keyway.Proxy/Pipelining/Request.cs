using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Pipelining;

/// <summary>
/// One request under way: a slot in its client's order of replies and an entry in the queue of its server connection.
/// Pooled by its reactor; it goes back when the last of its holders lets it go.
/// </summary>
internal sealed class Request
{
    /// <summary>The next in the client's order of replies, or in the pool.</summary>
    internal Request? NextInClient;

    /// <summary>The next in the server connection's queue.</summary>
    internal Request? NextInServer;

    /// <summary>The client whose slot this is; null once it has its answer or is gone, and the reply is swallowed.</summary>
    internal ClientConnection? Client;

    /// <summary>Takes the reply where there is no client.</summary>
    internal IReplySink? Sink;

    /// <summary>The number that <see cref="Sink"/> gave the request.</summary>
    internal int Part;

    /// <summary>What the reply is, to the protocol's server connection; 0 where the reply itself tells.</summary>
    internal byte Expected;

    /// <summary>The command, for errors; null for Keyway's own questions.</summary>
    internal CommandInfo? Command;

    /// <summary>What it takes to send it again; null in pools whose keys stay where they are.</summary>
    internal Resend? Resend;

    /// <summary>When it is late, in the reactor's milliseconds; <see cref="long.MaxValue"/> for never.</summary>
    internal long Deadline;

    /// <summary>The whole reply is here and waits for its turn.</summary>
    internal bool IsDone;

    /// <summary>A part of the reply has been delivered.</summary>
    internal bool IsStreaming;

    /// <summary>Its reply is swallowed, although the client is there (CLIENT REPLY).</summary>
    internal bool IsMuted;

    /// <summary>How many of client order, server queue and split command still refer to it.</summary>
    internal int Holders;

    private OutputBuffer? _reply;

    /// <summary>The reply, as far as it came before its turn.</summary>
    internal OutputBuffer Reply(BufferPool buffers) => _reply ??= new OutputBuffer(buffers);

    /// <summary>True when a part of the reply waits here.</summary>
    internal bool HasReply => _reply is { IsEmpty: false };

    /// <summary>Forgets everything but its memory.</summary>
    internal void Clear()
    {
        NextInClient = null;
        NextInServer = null;
        Client = null;
        Sink = null;
        Command = null;
        Expected = 0;
        IsDone = false;
        IsStreaming = false;
        IsMuted = false;
        Holders = 0;
        _reply?.Clear();
        Resend?.Clear();
    }
}
