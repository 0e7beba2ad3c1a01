using Keyway.Net;
using Keyway.Proxy.Telemetry;

namespace Keyway.Proxy.Management;

/// <summary>Logs what a reactor should never meet.</summary>
internal sealed class ReactorLog(Log log) : IReactorObserver
{
    public void OnFault(Exception exception) =>
        log.Write(LogLevel.Error, "fault", $"a defect of Keyway cost a connection: {exception}");

    public void OnAcceptStalled(string address) =>
        log.Write(LogLevel.Warn, "accept_stalled", "no descriptors or memory left for new clients; trying again", ("address", address));
}
