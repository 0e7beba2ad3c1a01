using System.Text;
using Keyway.Protocol.Memcached;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Memcached;

/// <summary>What scanning a request gave, however it was cut.</summary>
internal sealed record MemcachedScan(
    ScanStatus Status, int Length, MemcachedError Error, string Words, long DataLength, bool IsPlain, bool IsSilent, int Exptime, ulong Number, uint Flags, int QuietWord)
{
    private const int MostCut = 400; // payloads above are cut in fewer places

    public static MemcachedScan InAllSplits(string payload, long maxData = 1 << 20)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(payload.Replace("~", "\r\n", StringComparison.Ordinal));
        MemcachedScan? whole = null;
        MemcachedRequest request = new();
        foreach (IReadOnlyList<byte[]> pieces in bytes.Length <= MostCut ? Splits.Of(bytes) : [[bytes]])
        {
            MemcachedScan scan = Of(bytes, pieces, request, maxData);
            whole ??= scan;
            Assert.Equal(whole, scan);
        }

        return whole!;
    }

    private static MemcachedScan Of(byte[] payload, IReadOnlyList<byte[]> pieces, MemcachedRequest request, long maxData)
    {
        MemcachedScanState state = default;
        ScanStatus status = ScanStatus.NeedMore;
        int have = 0;
        foreach (byte[] piece in pieces)
        {
            have += piece.Length;
            ReadOnlySpan<byte> buffer = payload.AsSpan(0, have);
            status = MemcachedRequestScanner.Scan(buffer, ref state, request, maxData, out int length);
            if (status == ScanStatus.Complete)
            {
                Assert.Equal(default, state);
                return Found(buffer, request, length);
            }

            Assert.Equal(0, length);
            if (status == ScanStatus.Error)
            {
                break;
            }

            // Another client's request goes between any two pieces: the request is shared.
            MemcachedScanState other = default;
            Assert.Equal(ScanStatus.Complete, MemcachedRequestScanner.Scan("set other 7 7 1 noreply\r\nx\r\n"u8, ref other, request, maxData, out _));
        }

        return new MemcachedScan(status, 0, MemcachedError.None, "", 0, false, false, 0, 0, 0, 0);
    }

    private static MemcachedScan Found(ReadOnlySpan<byte> buffer, MemcachedRequest request, int length)
    {
        List<string> words = [];
        for (int i = 0; i < request.Words.Count; i++)
        {
            words.Add(Encoding.Latin1.GetString(request.Words.Get(buffer, i)));
        }

        bool isRead = request.Error == MemcachedError.None;
        return new MemcachedScan(
            ScanStatus.Complete, length, request.Error, string.Join('|', words), request.DataLength, request.IsPlain, request.IsSilent,
            isRead ? request.Exptime : 0, isRead && request.Command!.Action is MemcachedAction.Arithmetic ? request.Number : 0,
            isRead && request.Command!.Action == MemcachedAction.Store ? request.ItemFlags : 0, request.QuietWord);
    }
}
