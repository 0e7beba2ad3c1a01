using Keyway.Net.Buffers;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Pipelining;

/// <summary>
/// A request of Keyway's own to a server, whose whole reply (or failure) comes to a delegate. For what is asked rarely. A reply beyond <c>limits.client_output_hard</c> is not kept,
/// and a failure.
/// </summary>
internal sealed class Question : IReplySink
{
    private readonly List<byte> _reply = [];
    private readonly Action<byte[]?, Failure?> _answered;
    private readonly long _most;
    private bool _isTooLong;

    private Question(Action<byte[]?, Failure?> answered, long most) => (_answered, _most) = (answered, most);

    public void OnReply(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        request.IsStreaming = !isLast;
        if (_isTooLong || _reply.Count + (long)piece.Length > _most)
        {
            _isTooLong = true;
            _reply.Clear();
            _reply.TrimExcess();
        }
        else
        {
            _reply.AddRange(piece);
        }

        if (isLast)
        {
            _answered(_isTooLong ? null : [.. _reply], _isTooLong ? Failure.ReplyTooLong() : null);
        }
    }

    public void OnFailed(Request request, Failure failure) => _answered(null, failure);

    /// <summary>Asks what the protocol can frame by the reply alone.</summary>
    internal static Request Ask(ServerConnection connection, Action<OutputBuffer> write, Action<byte[]?, Failure?> answered) => Ask(connection, write, 0, answered);

    /// <summary>Asks on the given connection.</summary>
    /// <param name="connection">Shared or private.</param>
    /// <param name="write">Writes the request.</param>
    /// <param name="expected">See <see cref="Request.Expected"/>.</param>
    /// <param name="answered">Gets the reply's bytes or the failure, once, on the reactor's thread.</param>
    /// <returns>The request, whose deadline can be changed; it is not to be kept.</returns>
    internal static Request Ask(ServerConnection connection, Action<OutputBuffer> write, byte expected, Action<byte[]?, Failure?> answered)
    {
        PoolState pool = connection.Server.Pool;
        Request request = pool.Requests.Rent();
        request.Sink = new Question(answered, pool.Config.Limits.ClientOutputHard);
        request.Expected = expected;
        write(connection.BeginSend(request));
        return request;
    }
}
