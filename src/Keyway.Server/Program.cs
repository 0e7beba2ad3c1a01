using Keyway.Net;
using Keyway.Server;
using Keyway.Server.CommandLine;

// The runtime, the reactors and a few servers take about a hundred. Looked at first: with too few not even the program's parts can be loaded.
const int LeastDescriptors = 128;
if (DescriptorLimit.Current < LeastDescriptors)
{
    Terminal.WriteError($"keyway: {DescriptorLimit.Current} open files are too few (ulimit -n); allow at least {LeastDescriptors}, and one more for each client", ConsoleColor.Red);
    return (int)ExitCode.Failure;
}

return (int)KeywayCommand.Invoke(args);
