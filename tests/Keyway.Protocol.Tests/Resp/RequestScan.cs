using System.Text;
using Keyway.Testing;

namespace Keyway.Protocol.Tests.Resp;

/// <summary>What scanning a request gave, however it was cut.</summary>
internal sealed record RequestScan(ScanStatus Status, int Length, RequestError Error, string Args, string Canonical)
{
    public static RequestScan InAllSplits(byte[] payload, RespLimits limits)
    {
        RequestScan? whole = null;
        var args = new RequestArgs();
        foreach (IReadOnlyList<byte[]> pieces in Splits.Of(payload))
        {
            // Another client's request goes between any two pieces: the list of arguments is shared.
            RequestScan scan = Of(payload, pieces, args, limits);
            whole ??= scan;
            Assert.Equal(whole, scan);
        }

        return whole!;
    }

    public static RequestScan InAllSplits(string payload, RespLimits? limits = null) =>
        InAllSplits(Encoding.Latin1.GetBytes(payload), limits ?? RespLimits.Default);

    private static RequestScan Of(byte[] payload, IReadOnlyList<byte[]> pieces, RequestArgs args, RespLimits limits)
    {
        var state = new RequestScanState();
        int have = 0;
        foreach (byte[] piece in pieces)
        {
            have += piece.Length;
            ReadOnlySpan<byte> buffer = payload.AsSpan(0, have);
            ScanStatus status = RespRequestScanner.Scan(buffer, ref state, args, limits, out int length, out RequestError error);
            Assert.Equal(error != RequestError.None, status == ScanStatus.Error);
            if (status == ScanStatus.Complete)
            {
                Assert.True(state.IsEmpty);
                ReadOnlySpan<byte> frame = args.IsInline ? args.CanonicalFrame : buffer[..length];
                var text = new StringBuilder();
                for (int i = 0; i < args.Count; i++)
                {
                    text.Append('<').Append(Encoding.Latin1.GetString(args.Get(frame, i))).Append('>');
                    Assert.Equal(args.Get(frame, i).Length, args.Length(i));
                    Assert.Equal(args[i].Start, args.Start(i));
                }

                return new RequestScan(status, length, error, text.ToString(), Encoding.Latin1.GetString(args.CanonicalFrame));
            }

            Assert.Equal(0, length);
            if (status == ScanStatus.Error)
            {
                return new RequestScan(status, 0, error, "", "");
            }

            Assert.False(state.IsEmpty && have > 0);
            var other = new RequestScanState();
            RespRequestScanner.Scan("*2\r\n$4\r\nECHO\r\n$5\r\nother\r\n"u8, ref other, args, limits, out _, out _);
        }

        return new RequestScan(ScanStatus.NeedMore, 0, RequestError.None, "", "");
    }
}
