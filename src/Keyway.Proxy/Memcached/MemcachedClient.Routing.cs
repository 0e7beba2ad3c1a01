using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <content>From a request to its servers.</content>
internal sealed partial class MemcachedClient
{
    private bool _hasSilent; // requests without a place in the order may be under way

    /// <summary>The server of a key; null when all are ejected.</summary>
    private ServerState? ServerOf(ReadOnlySpan<byte> key)
    {
        if (!_isSharded)
        {
            return Pool.Servers[0];
        }

        int index = Pool.Placement.Locate(key);
        return index < 0 ? null : Pool.Servers[index];
    }

    private ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        ReadOnlySpan<byte> key = request.Words.Get(frame, request.Command!.FirstKey);
        return request.IsKeyEncoded ? MemcachedKey.Decode(key, _protocol.KeyScratch) : key;
    }

    /// <summary>The connection to the server of a request, or null when there is none, which is then answered.</summary>
    private ServerConnection? Connect(ServerState? server, bool isSilent)
    {
        ServerConnection? connection = server?.Connection(0, Number);
        if (connection is null)
        {
            FailRequest(server?.DownFailure() ?? Failure.NoServer(Pool.Config.Name), isSilent);
        }

        return connection;
    }

    private void Forward(ServerState? server, ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        if (Connect(server, request.IsSilent) is not { } connection)
        {
            return;
        }

        if (request.IsSilent)
        {
            SendSilently(connection, MemcachedAnswer.Line).WriteRequest(frame, request);
        }
        else
        {
            Request place = Pool.Requests.Rent();
            MemcachedAnswer answer = MemcachedAnswers.Of(request);
            if (answer == MemcachedAnswer.Single)
            {
                ((MemcachedServerConnection)connection).Keys.Enqueue(request.Words.Get(frame, request.Command!.FirstKey));
            }

            place.Expected = (byte)answer;
            Enqueue(place);
            connection.BeginSend(place).WriteRequest(frame, request);
        }

        WaitForRoom(connection);
    }

    private void WaitForRoom(ServerConnection connection)
    {
        if (connection.IsFull)
        {
            connection.WakeWhenRoom(this);
        }
    }

    /// <summary>
    /// For a request that its client wants no answer to: the server is asked for one all the same, so that it is always known whose the next reply
    /// is. It has no place in the client's order, and holds up nothing.
    /// </summary>
    private OutputBuffer SendSilently(ServerConnection connection, MemcachedAnswer answer)
    {
        _hasSilent = true;
        Request request = Pool.Requests.Rent();
        request.Sink = _protocol.Silence;
        request.Expected = (byte)answer;
        return connection.BeginSend(request);
    }

    private void RouteGet(ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        RequestArgs words = request.Words;
        int first = request.Command!.FirstKey;
        int keys = words.Count - first;
        if (keys == 0)
        {
            // A gat of no keys.
            Reply("END\r\n"u8);
            return;
        }

        // Of all commands with many keys, servers take only get and gets longer than a line usually is.
        bool isTooLong = request.LineLength > MemcachedRequestScanner.MaxLine && !request.Command.MayBeLong;
        if (isTooLong || (_isSharded && keys > 1))
        {
            RouteKeys(frame, request, isTooLong);
        }
        else
        {
            Forward(ServerOf(words.Get(frame, first)), frame, request);
        }
    }

    private void RouteKeys(ReadOnlySpan<byte> frame, MemcachedRequest request, bool isTooLong)
    {
        RequestArgs words = request.Words;
        int first = request.Command!.FirstKey;
        KeyGrouping grouping = _protocol.Grouping;
        grouping.Begin(Pool.Servers.Length, words.Count - first);
        int server = -1;
        for (int i = first; i < words.Count; i++)
        {
            server = _isSharded ? Pool.Placement.Locate(words.Get(frame, i)) : 0;
            if (server < 0)
            {
                FailRequest(Failure.NoServer(Pool.Config.Name), isSilent: false);
                return;
            }

            grouping.Add(i - first, server);
        }

        if (grouping.Groups == 1 && !isTooLong)
        {
            Forward(Pool.Servers[server], frame, request);
            return;
        }

        Request place = Pool.Requests.Rent();
        Enqueue(place);
        if (!_protocol.SpareGets.TryPop(out SplitGet? split))
        {
            split = new SplitGet(Pool, _protocol);
        }

        split.Begin(place, frame[..request.LineLength], words, first);
        for (int group = 0; group < grouping.Groups; group++)
        {
            AddParts(split, frame, request, group);
        }

        split.Seal();
    }

    /// <summary>One request for the keys of a group, all on one server; several where a gat would be longer than servers take.</summary>
    private void AddParts(SplitGet split, ReadOnlySpan<byte> frame, MemcachedRequest request, int group)
    {
        const int MostBeforeKeys = 16; // gats and an exptime
        KeyGrouping grouping = _protocol.Grouping;
        int first = request.Command!.FirstKey;
        long most = request.Command.MayBeLong ? long.MaxValue : MemcachedRequestScanner.MaxLine - MostBeforeKeys - 1;
        ServerState server = Pool.Servers[grouping.PlaceOf(group)];
        int key = grouping.FirstOf(group);
        while (key >= 0)
        {
            OutputBuffer? output = split.AddPart(server, this);
            output?.WriteGetHead(frame, request);
            long length = 0;
            for (; key >= 0; key = grouping.NextOf(key))
            {
                length += request.Words.Length(first + key) + 1;
                if (length > most)
                {
                    break;
                }

                split.NameKey(key);
                output?.WriteWord(request, frame, first + key);
            }

            output?.Write("\r\n"u8);
        }
    }
}
