using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Management;
using Keyway.Proxy.Telemetry;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Management;

public sealed class ReactorLogTests
{
    [Fact]
    public void OnAcceptStalled_AgainAndAgain_IsLoggedEveryTenSecondsWithTheCount()
    {
        ManualTimeProvider time = new();
        using MemoryStream output = new();
        ReactorLog log = new(new Log(new LogConfig(), output, time), time);

        for (int i = 0; i < 101; i++)
        {
            log.OnAcceptStalled("127.0.0.1:6379");
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        string[] lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("withheld=0", lines[0]);
        Assert.Contains("withheld=99", lines[1]);
    }
}
