using System.Buffers;
using Keyway.Net.Buffers;
using Keyway.Protocol.Memcached;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Memcached;

/// <content>Smart mode: writes that are answered before they are delivered.</content>
internal sealed partial class MemcachedClient
{
    private long[]? _writeMarks; // for each queue the client's last early write, once there is one

    /// <summary>False: not now; the request is offered again.</summary>
    private bool HandleSmart(SmartState smart, ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        if (EarlyAnswer(request) is { } answer && ServerOf(KeyOf(frame, request)) is { } server && IsSureToFit(server, request))
        {
            return AnswerEarly(smart, server, answer, frame, request);
        }

        if (MustWaitForWrites(replied: false))
        {
            return false;
        }

        Handle(frame, request);
        return true;
    }

    private byte[]? EarlyAnswer(MemcachedRequest request) =>
        request.Error == MemcachedError.None ? Pool.Shared.Early!.Of(request.Command!) : null;

    private bool IsSureToFit(ServerState server, MemcachedRequest request) =>
        !request.Command!.HasData || _protocol.ItemLimits.Fits(server.Index, request.Words.Length(1) + request.DataLength);

    private bool AnswerEarly(SmartState smart, ServerState server, byte[] answer, ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        switch (Add(smart, server, frame, request))
        {
            case Offer.Later:
                smart.Wait(this);
                return false;
            case Offer.Refused:
                FailRequest(Failure.BacklogFull(server.Label), request.IsSilent);
                return true;
            default:
                if (request.IsSilent)
                {
                    Pool.Counters.EarlyWrites++;
                }
                else
                {
                    smart.Acknowledge(this, answer);
                }

                return true;
        }
    }

    private Offer Add(SmartState smart, ServerState server, ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        WriteQueue queue = smart.QueueAt(server.Index);
        EarlyWrite write = new()
        {
            TextCommand = request.Command,
            KeyStart = request.Words.Start(1),
            KeyLength = request.Words.Length(1),
            Client = Number,
            MayRepeat = request.Command!.MayRepeat,
        };
        Offer offer = request.IsPlain ? queue.Add(write, frame) : AddPlainly(queue, write, frame, request);
        if (offer == Offer.Taken)
        {
            _writeMarks ??= new long[smart.QueueCount];
            _writeMarks[queue.Index] = queue.Mark;
        }

        return offer;
    }

    /// <summary>As its server is to see it: with an answer, and in the one form that every server understands alike.</summary>
    private Offer AddPlainly(WriteQueue queue, EarlyWrite write, ReadOnlySpan<byte> frame, MemcachedRequest request)
    {
        OutputBuffer output = _protocol.PlainScratch(Reactor.Buffers);
        output.WriteRequest(frame, request);
        byte[] rented = ArrayPool<byte>.Shared.Rent((int)output.Length);
        Span<byte> plain = rented.AsSpan(0, (int)output.Length);
        output.CopyTo(plain);
        output.Clear();
        write.KeyStart = write.TextCommand!.Name.Length + 1;
        Offer offer = queue.Add(write, plain);
        ArrayPool<byte>.Shared.Return(rented);
        return offer;
    }

    /// <summary>True if the request is to be offered again: writes of this client that were answered come first.</summary>
    private bool MustWaitForWrites(bool replied)
    {
        if (_writeMarks is null || !Pool.Smart!.MustWait(_writeMarks, replied))
        {
            return false;
        }

        Pool.Smart.Wait(this);
        return true;
    }
}
