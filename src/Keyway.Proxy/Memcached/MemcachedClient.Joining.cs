using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Memcached;

/// <content>
/// Pipelined gets, one behind the other, reach each server as one get of many keys. memcached sends the reply to every get by itself, which costs
/// it, and whoever reads it, a system call each; but that to one get of many keys in one piece.
/// </content>
internal sealed partial class MemcachedClient
{
    /// <summary>Handles the run of gets that the bytes begin with, and returns its length; 0 when there is none.</summary>
    private int TakeRun(ReadOnlySpan<byte> bytes)
    {
        GetRun run = _protocol.Run;
        run.Read(bytes);
        if (run.Count < 2 || (_writeMarks is not null && Pool.Smart!.MustWait(_writeMarks, replied: false)))
        {
            return 0;
        }

        KeyGrouping grouping = _protocol.Grouping;
        grouping.Begin(Pool.Servers.Length, run.Count);
        for (int i = 0; i < run.Count; i++)
        {
            int server = _isSharded ? Pool.Placement.Locate(run.Key(bytes, i)) : 0;
            if (server < 0)
            {
                return 0;
            }

            grouping.Add(i, server);
        }

        for (int group = 0; group < grouping.Groups; group++)
        {
            if (Pool.Servers[grouping.PlaceOf(group)].Connection(0, Number) is null)
            {
                // One by one: those of the other servers are to be answered.
                return 0;
            }
        }

        Pool.Counters.Requests += run.Count;
        _scan.Reset();
        for (int i = 0; i < run.Count; i++)
        {
            Request place = Pool.Requests.Rent();
            run.Places[i] = place;
            Enqueue(place);
        }

        for (int group = 0; group < grouping.Groups; group++)
        {
            SendJoined(bytes, run, group);
        }

        return run.Length;
    }

    private void SendJoined(ReadOnlySpan<byte> bytes, GetRun run, int group)
    {
        KeyGrouping grouping = _protocol.Grouping;
        var connection = (MemcachedServerConnection)Pool.Servers[grouping.PlaceOf(group)].Connection(0, Number)!;
        bool isAlone = grouping.CountOf(group) == 1;
        int first = grouping.FirstOf(group);
        for (int i = first; i >= 0; i = grouping.NextOf(i))
        {
            bool isLast = grouping.NextOf(i) < 0;
            Request place = run.Places[i];
            place.Expected = (byte)(isAlone ? MemcachedAnswer.Single : isLast ? MemcachedAnswer.JoinedLast : MemcachedAnswer.Joined);
            connection.Keys.Enqueue(run.Key(bytes, i));
            OutputBuffer output = connection.BeginSend(place);
            if (i == first)
            {
                output.Write("get"u8);
            }

            output.Write(run.Word(bytes, i));
            if (isLast)
            {
                output.Write("\r\n"u8);
            }
        }

        WaitForRoom(connection);
    }
}
