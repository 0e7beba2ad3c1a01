using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Keyway.Protocol.Tests.Resp;

/// <summary>Mutated payloads: any cutting must give what the whole gives, and the whole what the reference parser gives.</summary>
public sealed class RespFuzzTests
{
    private static readonly RespLimits Limits = new(MaxBulk: 300, MaxArgs: 20, MaxDepth: 4);

    private static readonly string[] Requests =
    [
        "*1\r\n$4\r\nPING\r\n", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\nline\r\nline\r\n\r\n", "*0\r\n", "*-1\r\n", "PING\r\n",
        "SET \"a\\x41\" 'b\\'c'\r\n", "*2\r\n$3\r\nGET\r\n$20\r\n01234567890123456789\r\n", "a\"b c\" d\n",
    ];

    // Bytes that mean something, more often than others.
    private static readonly byte[] Telling = "\r\n*$+-:_#,(!=%~>|;?0123456789\"'\\x \t\0"u8.ToArray();

    // Two seconds for the class by default; KEYWAY_FUZZ_SECONDS gives each test as long as it says.
    private static TimeSpan Budget => double.TryParse(Environment.GetEnvironmentVariable("KEYWAY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double s)
        ? TimeSpan.FromSeconds(s)
        : TimeSpan.FromSeconds(1);

    [Fact]
    public void FrameScanner_MutatedReplies_AgreesWithReference()
    {
        string[] corpus = [.. RespFrameScannerTests.WholeValues.Select(v => v.Data)];
        int compared = Run(corpus, 20_000, payload =>
        {
            FrameScan scan = FrameScan.InAllSplits(payload, Limits);
            int expected = ReferenceParser.FrameLength(payload, Limits);
            ScanStatus status = expected switch
            {
                ReferenceParser.Incomplete => ScanStatus.NeedMore,
                ReferenceParser.Wrong => ScanStatus.Error,
                _ => ScanStatus.Complete,
            };
            Assert.Equal(status, scan.Status);
            Assert.Equal(status == ScanStatus.Complete ? expected : scan.Consumed, scan.Consumed);
        });
        Assert.True(compared > 0);
    }

    [Fact]
    public void RequestScanner_MutatedRequests_AcceptsOnlyWhatReadsTheSame()
    {
        int compared = Run(Requests, 20_000, payload =>
        {
            RequestScan scan = RequestScan.InAllSplits(payload, Limits);
            bool forwarded = scan is { Status: ScanStatus.Complete, Args: not "" };
            if (forwarded)
            {
                // What would be forwarded is one array of bulks for the reference parser too, and nothing else.
                byte[] frame = scan.Canonical.Length > 0 ? Encoding.Latin1.GetBytes(scan.Canonical) : payload[..scan.Length];
                Assert.Equal(frame.Length, ReferenceParser.FrameLength(frame, Limits));
            }
        });
        Assert.True(compared > 0);
    }

    private static int Run(string[] corpus, int seedBase, Action<byte[]> check)
    {
        long start = Stopwatch.GetTimestamp();
        int seed = seedBase;
        for (; Stopwatch.GetElapsedTime(start) < Budget; seed++)
        {
            byte[] payload = Mutate(corpus, new Random(seed));
            try
            {
                check(payload);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, payload {Convert.ToHexString(payload)}: {e.Message}");
            }
        }

        return seed - seedBase;
    }

    private static byte[] Mutate(string[] corpus, Random random)
    {
        var bytes = new List<byte>();
        for (int parts = random.Next(1, 4); parts > 0; parts--)
        {
            bytes.AddRange(Encoding.Latin1.GetBytes(corpus[random.Next(corpus.Length)]));
        }

        for (int changes = random.Next(0, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            byte value = random.Next(4) == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 6), bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    }
}
