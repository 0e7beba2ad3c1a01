using System.Text;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Pools;

/// <summary>
/// Whether a server lets Keyway have MULTI and EXEC (its ACL or a renamed command may not). The requests of a transaction leave in one piece, before the
/// server has said a word about its MULTI: a server that refuses that would execute them one by one, and one that refuses EXEC would go on queuing what
/// other clients ask on the shared connection. So it is tried out, on a connection that nobody else uses, before the first transaction.
/// </summary>
internal sealed class TransactionCheck : IReplySink
{
    private readonly ServerState _server;
    private readonly List<Action<Failure?>> _asking = [];

    internal TransactionCheck(ServerState server) => _server = server;

    /// <summary>True when the server takes transactions.</summary>
    internal bool IsPassed { get; set; }

    /// <summary>True while it is being tried out.</summary>
    internal bool IsAsking => _asking.Count > 0;

    /// <summary>Tries it out, once for all who ask meanwhile. The answer is null, or why there can be no transaction.</summary>
    internal void Ask(Action<Failure?> answered)
    {
        _asking.Add(answered);
        if (_asking.Count > 1)
        {
            return;
        }

        ServerConnection connection = _server.OpenPrivate(_server.Pool.Lanes[0]);
        if (connection.IsClosed)
        {
            End(connection, Failure.ConnectFailed(_server.Label, connection.CloseReason));
            return;
        }

        Failure? reason = null;
        Question.Ask(
            connection,
            static output => output.Write("*1\r\n$5\r\nMULTI\r\n"u8),
            (reply, failure) => reason = failure ?? Refusal("MULTI", reply!));
        Question.Ask(
            connection,
            static output => output.Write("*1\r\n$4\r\nEXEC\r\n"u8),
            (reply, failure) => End(connection, reason ?? failure ?? Refusal("EXEC", reply!)));
    }

    /// <summary>What the server says to the MULTI of a transaction: it may have changed its mind, and then the next is not sent.</summary>
    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        request.IsStreaming = !isLast;
        if (piece is [(byte)'-', ..])
        {
            IsPassed = false;
        }
    }

    public void OnFailed(Request request, Failure failure) => IsPassed = false;

    private Failure? Refusal(string command, byte[] reply) =>
        reply is [(byte)'-', ..] ? new Failure(FailureKind.NotOffered, $"server {_server.Label} refused {command}: {Encoding.UTF8.GetString(reply).Trim('-', '\r', '\n')}") : null;

    private void End(ServerConnection connection, Failure? failure)
    {
        IsPassed = failure is null;
        connection.Close("tried out");
        Action<Failure?>[] asking = [.. _asking];
        _asking.Clear();
        foreach (Action<Failure?> answered in asking)
        {
            answered(failure);
        }
    }
}
