using System.Globalization;
using System.Text;
using Keyway.Net.Timers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Cluster;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// WAIT or WAITAOF of one client over the nodes of a cluster that it wrote to, on a connection of its own to each: the least of their numbers is the answer. Where a node cannot
/// say it since a slot is on the move, all are asked again.
/// </summary>
internal sealed class ReplicaWait
{
    private const int AgainMilliseconds = 20;
    private const int EndMilliseconds = 10; // between two tries to end the wait

    private readonly RedisClient _client;
    private readonly Request _place;
    private readonly byte[] _frame;
    private readonly long _milliseconds;
    private readonly long _until;
    private readonly ActionTimer _again;
    private readonly ActionTimer _end;
    private readonly List<ReplicaCount> _nodes = [];
    private long[]? _least;
    private int _awaited;
    private int _tries;
    private bool _isOver;

    /// <param name="client">Whose.</param>
    /// <param name="place">Its place in the order of replies.</param>
    /// <param name="frame">Its request.</param>
    /// <param name="milliseconds">How long it may take; 0 for ever.</param>
    internal ReplicaWait(RedisClient client, Request place, byte[] frame, long milliseconds)
    {
        _client = client;
        _place = place;
        _frame = frame;
        _milliseconds = milliseconds;
        _until = client.Reactor.Now + (long)(client.Pool.Config.RetryBudget?.TotalMilliseconds ?? 0);
        _again = new ActionTimer(Begin);
        _end = new ActionTimer(EndNodes);
        place.Holders++;
    }

    /// <summary>Asks the nodes. The answer comes to <see cref="RedisClient.OnReplicasCounted"/>, also at once.</summary>
    internal void Begin()
    {
        List<(PinnedConnection Pin, int Slot)> nodes = [];
        if (_client.TakeForWait(nodes, _tries++ > 0) is { } failure)
        {
            nodes.ForEach(static node => node.Pin.Server.Pinned.Return(node.Pin));
            Answer([], failure);
            return;
        }

        _least = null;
        _awaited = nodes.Count;
        foreach ((PinnedConnection pin, int slot) in nodes)
        {
            Ask(pin, _client.Protocol.KeyIn(slot), null);
        }
    }

    /// <summary>CLIENT UNBLOCK: the answer is an error, or what has been counted by now.</summary>
    internal void Unblock(bool withError)
    {
        if (withError)
        {
            Answer("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n"u8, null);
        }
        else
        {
            EndNodes();
        }
    }

    /// <summary>The client has gone.</summary>
    internal void Abandon()
    {
        End();
        _client.Pool.Requests.Release(_place);
    }

    /// <summary>WAIT gives a number, WAITAOF two.</summary>
    internal void OnCounted(byte[] reply)
    {
        if (reply[0] is (byte)'-' or (byte)'!')
        {
            Answer(reply, null);
            return;
        }

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
        if (--_awaited == 0)
        {
            AnswerLeast(_least);
        }
    }

    /// <summary>A node could not be reached, or is late.</summary>
    internal void OnLost(Failure failure) => Answer([], failure);

    /// <summary>A node has not let Keyway write.</summary>
    internal void OnRefused(ReplicaCount node, byte[] refusal)
    {
        bool isMoving = Redirect.TryParse(refusal, out Redirect redirect);
        if (isMoving)
        {
            _client.Pool.Cluster!.Learn(node.Server, redirect);
        }

        if (refusal.AsSpan().StartsWith("-OOM "u8) && node.Refusal is null)
        {
            AskByScript(node, refusal);
        }
        else if (!isMoving && !Refusal.IsPassing(refusal))
        {
            Answer(node.Refusal ?? refusal, null);
        }
        else if (_client.Reactor.Now + AgainMilliseconds < _until)
        {
            EndAsking();
            _client.Reactor.Timers.Set(_again, _client.Reactor.Now + AgainMilliseconds);
        }
        else if (isMoving)
        {
            Answer([], Failure.KeepsMoving(redirect.Slot));
        }
        else
        {
            Answer(refusal, null);
        }
    }

    private void Ask(PinnedConnection pin, byte[] key, byte[]? refusal)
    {
        long deadline = _milliseconds == 0 ? long.MaxValue : _client.Pool.DeadlineFrom(_client.Reactor.Now + _milliseconds);
        ReplicaCount node = new(this, pin, key, refusal);
        _nodes.Add(node);
        node.Ask(_frame, deadline);
    }

    /// <summary>Over another connection: on this one the node is counting already.</summary>
    private void AskByScript(ReplicaCount node, byte[] refusal)
    {
        _nodes.Remove(node);
        node.End();
        if (_client.TakeForWait(node.Server, out PinnedConnection? pin) is { } failure)
        {
            Answer([], failure);
        }
        else
        {
            Ask(pin!, node.Key, refusal);
        }
    }

    private void EndNodes()
    {
        if (_isOver)
        {
            return;
        }

        bool isToBeTriedAgain = _again.IsSet;
        foreach (ReplicaCount node in _nodes)
        {
            isToBeTriedAgain |= node.EndWait();
        }

        if (isToBeTriedAgain)
        {
            _client.Reactor.Timers.Set(_end, _client.Reactor.Now + EndMilliseconds);
        }
    }

    private void AnswerLeast(long[] least)
    {
        string numbers = string.Concat(least.Select(static number => string.Create(CultureInfo.InvariantCulture, $":{number}\r\n")));
        Answer(Encoding.ASCII.GetBytes(least.Length == 1 ? numbers : string.Create(CultureInfo.InvariantCulture, $"*{least.Length}\r\n{numbers}")), null);
    }

    private void Answer(ReadOnlySpan<byte> reply, Failure? failure)
    {
        End();
        _client.OnReplicasCounted(_place, reply, failure);
    }

    private void End()
    {
        _isOver = true;
        _client.Reactor.Timers.Cancel(_again);
        _client.Reactor.Timers.Cancel(_end);
        EndAsking();
    }

    private void EndAsking()
    {
        _nodes.ForEach(static node => node.End());
        _nodes.Clear();
    }
}
