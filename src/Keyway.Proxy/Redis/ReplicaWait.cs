using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// WAIT or WAITAOF of one client over the nodes of a cluster that it wrote to, on a connection of its own to each: the least of their numbers is the answer.
/// </summary>
internal sealed class ReplicaWait
{
    private readonly RedisClient _client;
    private readonly Request _place;
    private readonly List<PinnedConnection> _pins = [];
    private long[]? _least;
    private int _awaited = 1; // until all have been asked
    private bool _isOver;

    /// <param name="client">Whose.</param>
    /// <param name="place">Its place in the order of replies.</param>
    internal ReplicaWait(RedisClient client, Request place)
    {
        _client = client;
        _place = place;
        place.Holders++;
    }

    /// <summary>
    /// Asks one node. A server counts from what its connection wrote last, and the client's writes, all answered by now, went over another: so this one writes, too,
    /// what nobody sees: a key that is gone in the same transaction.
    /// </summary>
    /// <param name="pin">A connection to the node, which is given back in the end.</param>
    /// <param name="key">A key in one of its slots that nobody uses.</param>
    /// <param name="frame">The client's request.</param>
    /// <param name="deadline">When the node is late, in the reactor's milliseconds.</param>
    internal void Ask(PinnedConnection pin, ReadOnlySpan<byte> key, ReadOnlySpan<byte> frame, long deadline)
    {
        RequestPool requests = pin.Server.Pool.Requests;
        _pins.Add(pin);
        _awaited += 2;
        pin.Connection.BeginSend(requests.Rent()).WriteRequest("MULTI");
        WriteKey(pin.Connection.BeginSend(requests.Rent()), "*3\r\n$3\r\nSET\r\n"u8, key).Write("$0\r\n\r\n"u8);
        WriteKey(pin.Connection.BeginSend(requests.Rent()), "*2\r\n$3\r\nDEL\r\n"u8, key);
        Question.Ask(pin.Connection, static output => output.WriteRequest("EXEC"), (reply, failure) => OnReply(reply, failure, isCount: false));

        byte[] count = frame.ToArray();
        Question.Ask(pin.Connection, output => output.Write(count), (reply, failure) => OnReply(reply, failure, isCount: true)).Deadline = deadline;
    }

    /// <summary>All nodes have been asked.</summary>
    internal void Seal() => OnPartDone();

    /// <summary>The client has gone.</summary>
    internal void Abandon()
    {
        End();
        _client.Pool.Requests.Release(_place);
    }

    private static OutputBuffer WriteKey(OutputBuffer output, ReadOnlySpan<byte> before, ReadOnlySpan<byte> key)
    {
        output.Write(before);
        output.WriteBulk(key);
        return output;
    }

    private void OnReply(byte[]? reply, Failure? failure, bool isCount)
    {
        if (_isOver)
        {
            return;
        }

        if (failure is not null)
        {
            Answer([], failure);
        }
        else if (reply is [(byte)'-' or (byte)'!', ..])
        {
            Answer(reply, null);
        }
        else
        {
            if (isCount)
            {
                Take(reply);
            }

            OnPartDone();
        }
    }

    /// <summary>WAIT gives a number, WAITAOF two.</summary>
    private void Take(ReadOnlySpan<byte> reply)
    {
        List<long> numbers = [];
        RespReader reader = new(reply);
        while (reader.TryReadNext())
        {
            if (reader.Type == RespType.Integer && RespLength.TryParse(reader.Bytes, out long number))
            {
                numbers.Add(number);
            }
        }

        _least = _least is null ? [.. numbers] : [.. _least.Zip(numbers, Math.Min)];
    }

    private void OnPartDone()
    {
        if (--_awaited == 0 && !_isOver)
        {
            long[] least = _least ?? [];
            string numbers = string.Concat(least.Select(static number => string.Create(CultureInfo.InvariantCulture, $":{number}\r\n")));
            Answer(Encoding.ASCII.GetBytes(least.Length == 1 ? numbers : string.Create(CultureInfo.InvariantCulture, $"*{least.Length}\r\n{numbers}")), null);
        }
    }

    private void Answer(ReadOnlySpan<byte> reply, Failure? failure)
    {
        End();
        _client.OnReplicasCounted(_place, reply, failure);
    }

    /// <summary>The connections go back; one on which something is still awaited is closed by that.</summary>
    private void End()
    {
        _isOver = true;
        foreach (PinnedConnection pin in _pins)
        {
            pin.Server.Pinned.Return(pin);
        }
    }
}
