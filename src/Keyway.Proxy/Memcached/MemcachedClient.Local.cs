using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <content>What Keyway answers itself, and what goes to all servers.</content>
internal sealed partial class MemcachedClient
{
    private void AnswerLocally(ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        switch (request.Command!.Action)
        {
            case MemcachedAction.MetaNoOp:
                // Its place in the order makes it the barrier that it is to be.
                Reply("MN\r\n"u8);
                break;
            case MemcachedAction.Version:
                AnswerVersion();
                break;
            case MemcachedAction.Verbosity:
                if (!request.IsSilent)
                {
                    Reply("OK\r\n"u8);
                }

                break;
            case MemcachedAction.Stats when request.Words.Count == 1:
                OutputBuffer reply = BeginReply(out Request? place);
                MemcachedStats.Write(reply, Pool, _protocol);
                EndReply(place);
                break;
            case MemcachedAction.Stats:
                AskAll(frame[..request.LineLength].ToArray(), MemcachedAnswer.Stats);
                break;
            case MemcachedAction.FlushAll:
                FlushAll(request);
                break;
            case MemcachedAction.Quit:
                CloseWhenAnswered();
                break;
            case MemcachedAction.Shutdown:
                Reply("ERROR: shutdown not enabled\r\n"u8);
                break;
            default:
                Pool.Counters.Count(FailureKind.NotOffered);
                if (request.IsSilent)
                {
                    break;
                }

                OutputBuffer refusal = BeginReply(out Request? refused);
                refusal.Write("CLIENT_ERROR "u8);
                refusal.Write(request.Words.Get(frame, 0));
                refusal.WriteLine(" is for a single memcached, not for a pool"u8);
                EndReply(refused);
                break;
        }
    }

    /// <summary>The version of a server, which clients go by; the first that is up is asked once.</summary>
    private void AnswerVersion()
    {
        if (_protocol.ServerVersion is { } known)
        {
            Reply(known);
        }
        else if (Connect(Pool.AnyServer(), isSilent: false) is { } connection)
        {
            AskVersion(connection);
        }
    }

    private void AskVersion(ServerConnection connection)
    {
        Request place = Pool.Requests.Rent();
        Enqueue(place);
        Question.Ask(connection, static output => output.Write("version\r\n"u8), (reply, failure) =>
        {
            if (reply is not null && reply.AsSpan().StartsWith("VERSION "u8))
            {
                _protocol.ServerVersion = reply;
            }

            if (!IsClosed)
            {
                Answer(place, reply, failure);
            }
        });
    }

    private void FlushAll(MemcachedRequest request)
    {
        if (Pool.Config.FlushAll == FlushPolicy.Forbid)
        {
            if (!request.IsSilent)
            {
                Reply("CLIENT_ERROR flush_all not allowed\r\n"u8);
            }

            return;
        }

        byte[] line = request.Words.Count > (request.IsSilent ? 2 : 1)
            ? System.Text.Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"flush_all {request.Exptime}"))
            : "flush_all"u8.ToArray();
        if (!request.IsSilent)
        {
            AskAll(line, MemcachedAnswer.Line);
            return;
        }

        foreach (ServerState server in Pool.Servers)
        {
            if (!Pool.IsEjected(server) && Connect(server, isSilent: true) is { } connection)
            {
                SendSilently(connection, MemcachedAnswer.Line).WriteLine(line);
                WaitForRoom(connection);
            }
        }
    }

    private void AskAll(byte[] line, MemcachedAnswer answer)
    {
        Request place = Pool.Requests.Rent();
        Enqueue(place);
        MemcachedBroadcast.Ask(Pool, Number, line, answer, (reply, failure) =>
        {
            if (!IsClosed)
            {
                Answer(place, reply, failure);
            }
        });
    }

    /// <summary>Fills a place in the order, while the client is still there.</summary>
    private void Answer(Request place, ReadOnlySpan<byte> reply, Failure? failure)
    {
        if (failure is null)
        {
            Deliver(place, reply, isLast: true);
        }
        else
        {
            Fail(place, failure);
        }
    }

    /// <summary>A value that is not taken replaces the item all the same, so that the old one is not taken for it.</summary>
    private void DropOldItem(ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        bool isMeta = request.Command!.Action == MemcachedAction.MetaSet;
        if ((!isMeta && request.Command.Name != "set") || ServerOf(KeyOf(frame, request))?.Connection(0, Number) is not { } connection)
        {
            return;
        }

        // A key in base64 stays so: decoded it can hold blanks and line ends.
        OutputBuffer output = SendSilently(connection, isMeta ? MemcachedAnswer.Meta : MemcachedAnswer.Line);
        output.Write(isMeta ? "md"u8 : "delete"u8);
        output.WriteWord(request, frame, 1);
        output.WriteLine(request.IsKeyEncoded ? " b"u8 : default);
    }
}
