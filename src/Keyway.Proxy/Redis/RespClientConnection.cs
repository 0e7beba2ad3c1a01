using System.Security.Cryptography;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>A client that speaks RESP, whatever is behind the pool: what a server keeps for a connection, and how it is answered.</summary>
internal abstract partial class RespClientConnection(PoolState pool) : ClientConnection(pool)
{
    /// <summary>Most bytes reserved for what a client has only announced; beyond, the buffer doubles as the bytes come.</summary>
    private const long MostReserved = 1L << 20;

    /// <summary>How far the unfinished request has been read.</summary>
    protected RequestScanState Scan;

    /// <summary>2 or 3, as HELLO chose.</summary>
    internal int RespVersion { get; private protected set; } = 2;

    /// <summary>CLIENT SETNAME's name, empty for none.</summary>
    internal string Name { get; set; } = "";

    /// <summary>CLIENT SETINFO's values.</summary>
    internal string LibraryName { get; set; } = "";

    /// <summary>CLIENT SETINFO's values.</summary>
    internal string LibraryVersion { get; set; } = "";

    /// <summary>True once the password was given, or there is none.</summary>
    internal bool IsAuthenticated { get; private set; } = pool.Config.Password is null;

    /// <inheritdoc/>
    protected override int ExpectedLength =>
        (int)Math.Min(Scan.PendingBulkStart + Scan.PendingBulk + 2, Math.Max(MostReserved, 2L * UnfinishedLength));

    /// <summary>As a new connection: RESET.</summary>
    internal virtual void ResetSession()
    {
        IsAuthenticated = Pool.Config.Password is null;
        RespVersion = 2;
        Name = "";
        RepliesOn();
    }

    /// <summary>HELLO's choice. True if it could be had.</summary>
    internal abstract bool UseResp(int version);

    /// <summary>
    /// Null when the password (and user <c>default</c>) is right, else the error's text. A pool without a password takes any for this user,
    /// as Redis does.
    /// </summary>
    internal string? CheckPassword(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        string? expected = Pool.Config.Password;
        return user.SequenceEqual("default"u8)
            & (expected is null || CryptographicOperations.FixedTimeEquals(password, Encoding.UTF8.GetBytes(expected)))
            ? null
            : "WRONGPASS invalid username-password pair or user is disabled.";
    }

    /// <summary>As <see cref="CheckPassword"/>; when it is right, the client may do everything from now on.</summary>
    internal string? Authenticate(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        string? error = CheckPassword(user, password);
        IsAuthenticated |= error is null;
        return error;
    }

    internal void ReplyError(string text)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.WriteError(text);
        EndReply(place);
    }

    internal void Reply(ReadOnlySpan<byte> bytes)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.Write(bytes);
        EndReply(place);
    }

    /// <summary>Replies with what goes before a bulk string, and the bulk string.</summary>
    internal void Reply(ReadOnlySpan<byte> before, ReadOnlySpan<byte> value)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.Write(before);
        reply.WriteBulk(value);
        EndReply(place);
    }

    /// <summary>A verbatim string for RESP3, a bulk string for RESP2.</summary>
    internal void ReplyVerbatim(ReadOnlySpan<byte> text)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.WriteVerbatim(text, RespVersion);
        EndReply(place);
    }

    internal void ReplyBulk(ReadOnlySpan<byte> value)
    {
        OutputBuffer reply = BeginReply(out Request? place);
        reply.WriteBulk(value);
        EndReply(place);
    }

    /// <summary>True while the client's requests are to be handled.</summary>
    protected virtual bool TakesRequests => !IsReadPaused;

    /// <summary>Handles one whole request; false when it is to be offered again.</summary>
    protected abstract bool Handle(ReadOnlySpan<byte> frame, RequestArgs args);

    /// <summary>A request is not whole: it is gathered, up to a limit. Returns how many of its bytes are not to be offered again.</summary>
    /// <param name="bytes">What there is of it.</param>
    protected virtual int OnUnfinished(ReadOnlySpan<byte> bytes)
    {
        if (Math.Max(bytes.Length, Scan.PendingBulkStart + Scan.PendingBulk) <= Pool.Config.Limits.ClientRequest)
        {
            return 0;
        }

        FailAndClose(new Failure(FailureKind.OutOfBuffers, "request is larger than limits.client_request"));
        return bytes.Length;
    }

    /// <summary>Handles the requests that the bytes begin with, each as soon as it is whole; returns how many bytes are not to be offered again.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="args">Holds the arguments of the request at hand.</param>
    protected int TakeRequests(ReadOnlySpan<byte> bytes, RequestArgs args)
    {
        RespLimits limits = Pool.RequestLimits;
        int at = 0;
        while (at < bytes.Length && TakesRequests)
        {
            ScanStatus status = RespRequestScanner.Scan(bytes[at..], ref Scan, args, limits, out int length, out RequestError error);
            if (status == ScanStatus.NeedMore)
            {
                return at + OnUnfinished(bytes[at..]);
            }

            if (status == ScanStatus.Error)
            {
                OnMalformed(error);
                return bytes.Length;
            }

            if (args.Count > 0 && !Handle(args.IsInline ? args.CanonicalFrame : bytes.Slice(at, length), args))
            {
                break;
            }

            if (IsClosed)
            {
                return bytes.Length;
            }

            at += length;
        }

        return at;
    }

    /// <inheritdoc/>
    protected override void WriteFailure(OutputBuffer reply, Failure failure) => reply.WriteError("ERR " + failure.Text);

    /// <summary>Answers with an error of Keyway's.</summary>
    protected void ReplyFailure(Failure failure)
    {
        Pool.Counters.Count(failure.Kind);
        OutputBuffer reply = BeginReply(out Request? place);
        WriteFailure(reply, failure);
        EndReply(place);
    }

    /// <summary>As <see cref="ReplyFailure"/>, and nothing more is read.</summary>
    protected void FailAndClose(Failure failure)
    {
        ReplyFailure(failure);
        CloseWhenAnswered();
    }

    /// <summary>Nothing behind a malformed request can be understood.</summary>
    protected void OnMalformed(RequestError error)
    {
        Pool.Counters.ClientsMalformed++;
        Span<byte> text = stackalloc byte[RequestErrorText.MaxLength];
        int length = RequestErrorText.Write(text, error, Scan.OffendingByte);
        if (length > 0)
        {
            OutputBuffer reply = BeginReply(out Request? place);
            reply.Write("-ERR "u8);
            reply.Write(text[..length]);
            reply.Write("\r\n"u8);
            EndReply(place);
        }

        CloseWhenAnswered();
    }
}
