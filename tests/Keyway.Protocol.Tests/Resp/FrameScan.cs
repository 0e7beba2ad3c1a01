using Keyway.Testing;

namespace Keyway.Protocol.Tests.Resp;

/// <summary>What scanning a payload gave, however it was cut.</summary>
internal sealed record FrameScan(ScanStatus Status, int Consumed, RespError Error)
{
    /// <summary>Scans one value in every way of cutting and asserts that all agree.</summary>
    public static FrameScan InAllSplits(byte[] payload, RespLimits limits)
    {
        FrameScan? whole = null;
        foreach (IReadOnlyList<byte[]> pieces in Splits.Of(payload))
        {
            FrameScan scan = Of(pieces, limits);
            whole ??= scan;
            Assert.Equal(whole, scan);
        }

        return whole!;
    }

    public static FrameScan InAllSplits(string payload, RespLimits? limits = null) =>
        InAllSplits(System.Text.Encoding.Latin1.GetBytes(payload), limits ?? RespLimits.Default);

    public static FrameScan Of(IReadOnlyList<byte[]> pieces, RespLimits limits)
    {
        var scanner = new RespFrameScanner();
        int total = 0;
        foreach (byte[] piece in pieces)
        {
            ScanStatus status = scanner.Scan(piece, limits, out int consumed);
            total += consumed;
            Assert.Equal(scanner.Error != RespError.None, status == ScanStatus.Error);
            Assert.Equal(status != ScanStatus.Complete && (total > 0 || status == ScanStatus.Error), scanner.IsMidFrame);
            if (status != ScanStatus.NeedMore)
            {
                return new FrameScan(status, total, scanner.Error);
            }

            Assert.Equal(piece.Length, consumed);
        }

        return new FrameScan(ScanStatus.NeedMore, total, RespError.None);
    }
}
