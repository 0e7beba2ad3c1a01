using System.Runtime.InteropServices;
using Keyway.Net.Buffers;
using Keyway.Protocol.Cluster;
using Keyway.Protocol.Hashing;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Smart;

/// <content>
/// The journal: what comes in one wake-up is one batch, committed at its end; the clients of a batch are answered when the disk has it.
/// </content>
internal sealed partial class SmartState
{
    private readonly List<(WriteQueue Queue, long Number)> _batch = [];
    private readonly List<(Request Place, byte[] Reply)> _places = [];
    private readonly Queue<(Request Place, byte[] Reply)[]> _awaited = new();
    private readonly List<long> _completed = [];
    private readonly Action _flushJournal;
    private IWriteProducer? _producer;
    private Placement? _placementOfOld;
    private bool _isFlushing;

    /// <summary>Records up to this one are on the disk, or never will be.</summary>
    internal long SettledTo { get; private set; }

    /// <summary>Adds a write to the batch.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="number">The number that it gets there; -1 if it is not in memory.</param>
    /// <param name="write">The write.</param>
    /// <param name="frame">The request.</param>
    internal WriteResult Keep(WriteQueue queue, long number, in EarlyWrite write, ReadOnlySpan<byte> frame)
    {
        Span<byte> header = stackalloc byte[WriteHeader.Size];
        HeaderOf(queue, write).Write(header);
        WriteResult result = _producer!.Append(header, frame);
        if (result == WriteResult.Taken)
        {
            _batch.Add((queue, number));
            FlushLater();
        }

        return result;
    }

    /// <summary>Answers the client: at once, or when the disk has what it sent.</summary>
    internal void Acknowledge(ClientConnection client, byte[] reply)
    {
        Pool.Counters.EarlyWrites++;
        if (_batch.Count == 0)
        {
            OutputBuffer output = client.BeginReply(out Request? place);
            output.Write(reply);
            client.EndReply(place);
            return;
        }

        Request awaited = Pool.Requests.Rent();
        client.Enqueue(awaited);
        awaited.Holders++;
        _places.Add((awaited, reply));
    }

    /// <summary>The journal need not keep this record any longer.</summary>
    internal void Complete(long sequence)
    {
        _completed.Add(sequence);
        FlushLater();
    }

    /// <summary>The queue of a key that an earlier process left. Called on the journal's thread.</summary>
    internal int QueueOfOld(ReadOnlySpan<byte> key) => QueueFor(Pool.Cluster is null ? _placementOfOld!.Locate(key) : KeySlot.Of(key));

    /// <summary>A write as it was when it was kept; false if it cannot be delivered.</summary>
    internal bool TryRestore(StoredWrite stored, out EarlyWrite write)
    {
        write = default;
        if (!WriteHeader.TryRead(stored.Header, stored.Frame, out WriteHeader header)
            || header.Protocol != Pool.Config.Protocol
            || !Pool.Driver.TryReadWrite(stored.Frame, Pool.RequestLimits, ref write)
            || Pool.LaneOf(new Lane(header.Database, header.RespVersion)) is var lane && lane < 0)
        {
            GivenUp.AddOrUpdate("UNREADABLE", 1, static (_, count) => count + 1);
            Complete(stored.Sequence);
            return false;
        }

        write.Sequence = stored.Sequence;
        write.KeyStart = header.KeyStart;
        write.KeyLength = header.KeyLength;
        write.Lane = lane;
        write.Client = header.Client;
        write.Slot = SlotOf(stored.Frame.AsSpan(header.KeyStart, header.KeyLength));
        return true;
    }

    /// <summary>What <see cref="EarlyWrite.Slot"/> is for a key.</summary>
    internal int SlotOf(ReadOnlySpan<byte> key) => Pool.Config.Topology == PoolTopology.Cluster ? KeySlot.Of(key) : 0;

    private void BeginJournal(IWriteJournal journal)
    {
        _producer = journal.CreateProducer(() => Pool.Reactor.Post(TakeSettled));
        if (journal.HasOld)
        {
            _placementOfOld = Pool.Shared.CreatePlacement(null);
            foreach (WriteQueue queue in _queues)
            {
                queue.BeginWithOld(Pool.IsFirst);
            }
        }
    }

    private void FlushLater()
    {
        if (!_isFlushing)
        {
            _isFlushing = true;
            Pool.Reactor.Defer(_flushJournal);
        }
    }

    private void FlushJournal()
    {
        _isFlushing = false;
        if (_batch.Count > 0)
        {
            long sequence = _producer!.Commit();
            foreach ((WriteQueue queue, long number) in _batch)
            {
                queue.OnCommitted(number, sequence++);
            }

            _awaited.Enqueue([.. _places]);
            _batch.Clear();
            _places.Clear();
        }

        if (_completed.Count > 0)
        {
            Journal!.Complete(CollectionsMarshal.AsSpan(_completed));
            _completed.Clear();
        }
    }

    private void TakeSettled()
    {
        while (_producer!.TryTakeSettled(out long last, out string? failure))
        {
            SettledTo = last;
            foreach ((Request place, byte[] reply) in _awaited.Dequeue())
            {
                if (place.Client is not { } client)
                {
                    // The client has gone.
                }
                else if (failure is null)
                {
                    client.Deliver(place, reply, isLast: true);
                }
                else
                {
                    client.Fail(place, Failure.NotKept(failure));
                }

                Pool.Requests.Release(place);
            }
        }

        Wake();
    }
}
