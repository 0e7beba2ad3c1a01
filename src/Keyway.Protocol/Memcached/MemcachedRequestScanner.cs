using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Memcached;

/// <summary>Finds a client's requests: a line, and behind the line of a storage command as many bytes as it says and CRLF.</summary>
public static class MemcachedRequestScanner
{
    /// <summary>
    /// The longest line in bytes, without LF, that a memcached is sure to take: it closes a connection that has sent more without an end. It excepts
    /// <c>get</c> and <c>gets</c>, whose keys have no limit.
    /// </summary>
    public const int MaxLine = 2048;

    private const int MostLeadingSpaces = 100; // of a get that is longer than MaxLine

    /// <summary>Looks for the end of the request that <paramref name="buffer"/> begins with.</summary>
    /// <param name="buffer">All bytes of the request so far, from its first; may go beyond its end.</param>
    /// <param name="state">What earlier calls with fewer bytes found; reset when the request ends.</param>
    /// <param name="request">Complete: what the request is. Otherwise without meaning.</param>
    /// <param name="maxData">Longest data block in bytes; a longer one is <see cref="MemcachedError.TooLarge"/>.</param>
    /// <param name="length">
    /// Complete: bytes of the request, else 0. Of one that is too large its line only: <see cref="MemcachedRequest.DataLength"/> + 2 bytes behind it
    /// are to be skipped.
    /// </param>
    /// <returns><see cref="ScanStatus.Error"/> for a line without end: the connection is to be closed.</returns>
    public static ScanStatus Scan(
        ReadOnlySpan<byte> buffer, ref MemcachedScanState state, MemcachedRequest request, long maxData, out int length)
    {
        length = 0;
        if (state.IsInData && buffer.Length < state.ExpectedLength)
        {
            return ScanStatus.NeedMore;
        }

        int line = state.LineLength;
        if (line == 0)
        {
            int end = buffer[state.Searched..].IndexOf((byte)'\n');
            if (end < 0)
            {
                state.Searched = buffer.Length;
                return buffer.Length <= MaxLine || MayBeLong(buffer) ? ScanStatus.NeedMore : ScanStatus.Error;
            }

            line = state.Searched + end + 1;
        }

        // The line of a request that came in pieces is read once more when its data is here: what was found is shared by all clients.
        MemcachedLine.Read(buffer[..line], request);
        if (line - 1 > MaxLine && request.Command is { IsMeta: true } or { Action: MemcachedAction.Stats })
        {
            // It is passed on word by word; whether a server takes it depends on how the network cuts it, and its connection is shared.
            return ScanStatus.Error;
        }

        length = line;
        if (request.Error is MemcachedError.None or MemcachedError.DuplicateFlag && request.Command!.HasData)
        {
            if (request.DataLength > maxData)
            {
                request.Error = MemcachedError.TooLarge;
            }
            else if (buffer.Length - line < request.DataLength + 2)
            {
                state.LineLength = line;
                state.PendingData = request.DataLength;
                length = 0;
                return ScanStatus.NeedMore;
            }
            else
            {
                length = EndOfData(buffer, request);
            }
        }

        state.Reset();
        return ScanStatus.Complete;
    }

    /// <summary>Reads the line of a request whose data block is incomplete, see <see cref="MemcachedScanState.IsInData"/>.</summary>
    /// <param name="buffer">The request from its first byte.</param>
    /// <param name="state">What <see cref="Scan"/> left.</param>
    /// <param name="request">What the request is.</param>
    public static void ReadLine(ReadOnlySpan<byte> buffer, in MemcachedScanState state, MemcachedRequest request) =>
        MemcachedLine.Read(buffer[..state.LineLength], request);

    private static int EndOfData(ReadOnlySpan<byte> buffer, MemcachedRequest request)
    {
        int end = request.DataStart + (int)request.DataLength;
        if (request.Error == MemcachedError.None && (buffer[end] != '\r' || buffer[end + 1] != '\n'))
        {
            request.Error = MemcachedError.BadData;
        }

        return end + 2;
    }

    private static bool MayBeLong(ReadOnlySpan<byte> start)
    {
        int spaces = start.IndexOfAnyExcept((byte)' ');
        if (spaces is < 0 or > MostLeadingSpaces)
        {
            return false;
        }

        ReadOnlySpan<byte> name = start[spaces..];
        return name.StartsWith("get "u8) || name.StartsWith("gets "u8);
    }
}
