using System.Globalization;
using Keyway.Net;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Management;

/// <summary>Logs what a reactor should never meet.</summary>
internal sealed class ReactorLog(Log log, TimeProvider time) : IReactorObserver
{
    private readonly LogLimit _stalls = new(TimeSpan.FromSeconds(10), time);

    public void OnFault(Exception exception) =>
        log.Write(LogLevel.Error, "fault", $"a defect of Keyway cost a connection: {exception}");

    public void OnAcceptStalled(string address)
    {
        if (_stalls.TryPass(out long withheld))
        {
            log.Write(
                LogLevel.Warn,
                "accept_stalled",
                "no descriptors or memory left for new clients; trying again",
                ("address", address),
                ("withheld", withheld.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
