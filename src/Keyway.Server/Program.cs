using Keyway.Proxy.Configuration;
using Keyway.Proxy.Management;
using Keyway.Proxy.Telemetry;
ConfigResult result = ConfigReader.Read(args[0]);
foreach (var p in result.Problems) { Console.Error.WriteLine(p); }
if (result.Config is null) { return 2; }
using ProxyServer server = ProxyServer.Start(result.Config, int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture), Log.ToStandardError(result.Config.Log), TimeProvider.System);
Console.WriteLine("ready " + string.Join(' ', server.Addresses.Select(a => a.Address)));
Thread.Sleep(-1);
return 0;
