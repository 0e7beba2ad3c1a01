using System.Runtime.InteropServices;
using Keyway.DelayRelay;

RelayOptions options;
try
{
    options = RelayOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"delay relay: {exception.Message}\n\n{RelayOptions.Usage}");
    return 2;
}

using var relay = new Relay(options);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
Console.WriteLine($"ready {relay.LocalAddress}");
relay.Run();
Console.WriteLine(relay.Lateness.Describe());
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    relay.Stop();
}
