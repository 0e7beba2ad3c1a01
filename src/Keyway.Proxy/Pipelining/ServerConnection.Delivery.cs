using Keyway.Net.Buffers;

namespace Keyway.Proxy.Pipelining;

/// <content>
/// Replies on their way to the request at the head of the queue. A small reply is given whole, so that a lost connection leaves no half of it
/// with a client; a large one is passed on as it comes.
/// </content>
internal abstract partial class ServerConnection
{
    /// <summary>Bytes of an unfinished reply that are held back; longer ones are streamed.</summary>
    private const int StreamThreshold = 64 * 1024;

    private readonly OutputBuffer _partial;

    /// <summary>A piece of the reply to the request at the head, in order; the last one ends it and takes it off the queue.</summary>
    protected void DeliverPiece(ReadOnlySpan<byte> piece, bool isLast)
    {
        if (isLast)
        {
            DeliverLast(piece);
        }
        else if (_head!.IsStreaming)
        {
            Deliver(_head, piece, isLast: false);
        }
        else
        {
            _partial.Write(piece);
            if (_partial.Length > StreamThreshold)
            {
                DeliverPartial(_head, isLast: false);
            }
        }
    }

    /// <summary>True when the reply to a request that can be sent again sends it on its way again, instead of being delivered.</summary>
    /// <param name="request">Off the queue.</param>
    /// <param name="partial">What came of the reply before.</param>
    /// <param name="piece">Its last piece.</param>
    protected virtual bool TakesBack(Request request, OutputBuffer partial, ReadOnlySpan<byte> piece) => false;

    private void DeliverLast(ReadOnlySpan<byte> piece)
    {
        Request request = Dequeue();
        try
        {
            if (request.Resend?.Owner is not null && TakesBack(request, _partial, piece))
            {
                _partial.Clear();
            }
            else if (_partial.IsEmpty)
            {
                Deliver(request, piece, isLast: true);
            }
            else
            {
                _partial.Write(piece);
                DeliverPartial(request, isLast: true);
            }
        }
        catch
        {
            // A defect of ours, and it costs this connection; but whoever waits for the reply must not wait for ever.
            FailOne(request, Failure.UnexpectedReply(Server.Label, request.Command?.DisplayName ?? "a request"));
            throw;
        }
        finally
        {
            Server.Pool.Requests.Release(request);
        }
    }

    private static void Deliver(Request request, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (request.Client is { } client)
        {
            client.Deliver(request, piece, isLast);
        }
        else
        {
            request.Sink?.OnReply(request, piece, isLast);
        }
    }

    private void DeliverPartial(Request request, bool isLast)
    {
        if (request.Client is { } client)
        {
            client.Deliver(request, _partial, isLast);
            return;
        }

        while (!_partial.IsEmpty)
        {
            ReadOnlySpan<byte> piece = _partial.FirstSpan;
            request.Sink?.OnReply(request, piece, isLast && piece.Length == _partial.Length);
            if (IsClosed)
            {
                // The sink found the reply impossible and closed this connection, which emptied the buffer.
                return;
            }

            _partial.Consume(piece.Length);
        }
    }
}
