using System.Text;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <summary>The same request to every server, for what is asked rarely: <c>stats</c> and <c>flush_all</c>.</summary>
internal sealed class MemcachedBroadcast
{
    private readonly List<(ServerState Server, byte[]? Reply)> _replies = [];
    private readonly Action<byte[]?, Failure?> _answered;
    private readonly bool _isSharded;
    private Failure? _failure;
    private int _awaited = 1; // until all have been asked

    private MemcachedBroadcast(bool isSharded, Action<byte[]?, Failure?> answered)
    {
        _isSharded = isSharded;
        _answered = answered;
    }

    /// <summary>Asks; servers that are ejected have no keys and are left out.</summary>
    /// <param name="pool">Whose servers.</param>
    /// <param name="client">The number of the client that asks.</param>
    /// <param name="line">The request without its CRLF.</param>
    /// <param name="answer">How replies are framed.</param>
    /// <param name="answered">Gets the merged reply or the first failure, once.</param>
    internal static void Ask(PoolState pool, long client, byte[] line, MemcachedAnswer answer, Action<byte[]?, Failure?> answered)
    {
        MemcachedBroadcast broadcast = new(pool.Servers.Length > 1, answered);
        foreach (ServerState server in pool.Servers)
        {
            if (!pool.IsEjected(server))
            {
                broadcast.AskOne(server, client, line, answer);
            }
        }

        if (broadcast._replies.Count == 0)
        {
            broadcast._failure = Failure.NoServer(pool.Config.Name);
        }

        broadcast.OnAnswered();
    }

    private void AskOne(ServerState server, long client, byte[] line, MemcachedAnswer answer)
    {
        int index = _replies.Count;
        _replies.Add((server, null));
        if (server.Connection(0, client) is not { } connection)
        {
            _failure ??= server.DownFailure();
            return;
        }

        _awaited++;
        Question.Ask(connection, output => output.WriteLine(line), (byte)answer, (reply, failure) =>
        {
            _replies[index] = (server, reply);
            _failure ??= failure;
            OnAnswered();
        });
    }

    private void OnAnswered()
    {
        if (--_awaited == 0)
        {
            _answered(_failure is null ? Merge() : null, _failure);
        }
    }

    /// <summary>One line that all agree on, or the first that differs from the usual one; statistics with the label of their server in the name.</summary>
    private byte[] Merge()
    {
        if (!_isSharded)
        {
            return _replies[0].Reply!;
        }

        StringBuilder merged = new();
        foreach ((ServerState server, byte[]? reply) in _replies)
        {
            string text = Encoding.Latin1.GetString(reply!);
            if (!text.EndsWith("END\r\n", StringComparison.Ordinal))
            {
                if (!text.StartsWith("OK", StringComparison.Ordinal) && !text.StartsWith("RESET", StringComparison.Ordinal))
                {
                    return reply!;
                }

                continue;
            }

            foreach (string line in text.Split("\r\n")[..^2])
            {
                int name = line.IndexOf(' ', StringComparison.Ordinal) + 1;
                merged.Append(line.AsSpan(0, name)).Append(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(server.Label))).Append(':').Append(line.AsSpan(name)).Append("\r\n");
            }
        }

        return merged.Length == 0 ? _replies[0].Reply! : Encoding.Latin1.GetBytes(merged.Append("END\r\n").ToString());
    }
}
