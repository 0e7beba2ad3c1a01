using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Redis.Pinning;

namespace Keyway.Proxy.Redis;

/// <summary>
/// One node's part of a <see cref="ReplicaWait"/>. A server counts from what its connection wrote last, and the client's writes, all answered by now, went over another: so
/// this one writes, too, what nobody sees: a key that is gone in the same transaction.
/// </summary>
internal sealed class ReplicaCount
{
    /// <summary>The same where a server out of memory refuses SET: it knows that the script leaves nothing. Redis 7.0 and newer.</summary>
    private const string Script = "#!lua flags=allow-oom\nredis.call('SET',KEYS[1],'')\nreturn redis.call('DEL',KEYS[1])";

    private const string AbortedBecause = "-EXECABORT Transaction discarded because of: ";

    private readonly ReplicaWait _wait;
    private readonly PinnedConnection _pin;
    private bool _isMarked;
    private bool _isAsking; // for the end of the wait
    private bool _isEndRefused; // the node does not let Keyway ask for it
    private bool _isOver;

    /// <param name="wait">Gets the count.</param>
    /// <param name="pin">A connection to the node, which is given back in the end.</param>
    /// <param name="key">A key in one of its slots that nobody uses.</param>
    /// <param name="refusal">What the node said to the transaction, if it is asked to run a script instead.</param>
    internal ReplicaCount(ReplicaWait wait, PinnedConnection pin, byte[] key, byte[]? refusal)
    {
        _wait = wait;
        _pin = pin;
        Key = key;
        Refusal = refusal;
    }

    /// <summary>The key that is written.</summary>
    internal byte[] Key { get; }

    /// <summary>What the node said to the transaction; null while that is tried.</summary>
    internal byte[]? Refusal { get; }

    /// <summary>The node that is asked.</summary>
    internal ServerState Server => _pin.Server;

    /// <summary>Asks the node.</summary>
    /// <param name="frame">The client's request.</param>
    /// <param name="deadline">When the node is late, in the reactor's milliseconds.</param>
    internal void Ask(byte[] frame, long deadline)
    {
        ServerIdentity.Ask(_pin);
        if (Refusal is not null)
        {
            Question.Ask(
                _pin.Connection,
                output =>
                {
                    output.Write("*4\r\n$4\r\nEVAL\r\n"u8);
                    output.WriteBulk(Encoding.ASCII.GetBytes(Script));
                    output.WriteBulk("1"u8);
                    output.WriteBulk(Key);
                },
                (reply, failure) => OnMarked(reply, failure));
        }
        else
        {
            QueuedRequests queued = new(3);
            queued.Enqueue(_pin.Connection);
            Question.Ask(
                _pin.Connection,
                output => WriteTransaction(output, Key),
                (reply, failure) => OnMarked(reply is null ? null : CauseOf(reply, queued), failure));
        }

        Question.Ask(_pin.Connection, output => output.Write(frame), OnCounted).Deadline = deadline;
    }

    /// <summary>CLIENT UNBLOCK of the client. It may come too early for the node.</summary>
    /// <returns>True when it is to be tried again, unless the node answers.</returns>
    internal bool EndWait()
    {
        if (_isOver || _isEndRefused || _pin.ServerId == 0)
        {
            return false;
        }

        if (!_isAsking && _pin.ServerId is { } id && Server.Connection(0, 0) is { } connection)
        {
            _isAsking = true;
            _pin.IsSpoilt = true; // it may also come too late, and is not to hit another
            Question.Ask(
                connection,
                output => output.WriteRequest("CLIENT", "UNBLOCK", id.ToString(CultureInfo.InvariantCulture)),
                (reply, _) =>
                {
                    _isAsking = false;
                    _isEndRefused = reply is [(byte)'-', ..];
                });
        }

        return true;
    }

    /// <summary>The connection goes back; one on which something is still awaited is closed by that.</summary>
    internal void End()
    {
        _isOver = true;
        Server.Pinned.Return(_pin);
    }

    private static void WriteTransaction(OutputBuffer output, ReadOnlySpan<byte> key)
    {
        output.Write("*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n"u8);
        output.WriteBulk(key);
        output.Write("$0\r\n\r\n*2\r\n$3\r\nDEL\r\n"u8);
        output.WriteBulk(key);
        output.Write("*1\r\n$4\r\nEXEC\r\n"u8);
    }

    /// <summary>What a node said first, where EXEC's reply is only that there was something.</summary>
    private static byte[] CauseOf(byte[] reply, QueuedRequests queued)
    {
        if (queued.FirstError is { } first)
        {
            return first;
        }

        return Encoding.Latin1.GetString(reply) is var text && text.StartsWith(AbortedBecause, StringComparison.Ordinal)
            ? Encoding.Latin1.GetBytes("-" + text[AbortedBecause.Length..])
            : reply;
    }

    private void OnMarked(byte[]? reply, Failure? failure)
    {
        if (_isOver)
        {
            return;
        }

        if (reply is null)
        {
            _wait.OnLost(failure!);
        }
        else if (reply[0] is (byte)'-' or (byte)'!')
        {
            _wait.OnRefused(this, reply);
        }
        else
        {
            _isMarked = true;
        }
    }

    private void OnCounted(byte[]? reply, Failure? failure)
    {
        if (_isOver || !_isMarked)
        {
            return;
        }

        if (reply is null)
        {
            _wait.OnLost(failure!);
            return;
        }

        End();
        _wait.OnCounted(reply);
    }
}
