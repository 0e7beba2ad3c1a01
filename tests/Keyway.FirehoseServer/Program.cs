using System.Globalization;
using System.Runtime.InteropServices;
using Keyway.FirehoseServer;

if (!TryRead(args, out FirehoseServerOptions options))
{
    Console.Error.WriteLine(
        """
        Usage: Keyway.FirehoseServer [--port N] [--region NAME] [--stream NAME]... [--access-key ID --secret-key KEY] [--ledger FILE] [--count-only]
                 [--records-per-second N] [--bytes-per-second N] [--requests-per-second N] [--poison TEXT] [--script FAULTS] [--rates RATES] [--seed N]
        """);
    return 2;
}

await using LocalFirehose server = await LocalFirehose.StartAsync(options);
Console.WriteLine($"ready {server.Address}");
TaskCompletionSource ended = new();
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
await ended.Task;
Console.WriteLine($"{server.Calls} calls, {server.Ledger.Count} records, {server.Ledger.Bytes} bytes");
return 0;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    ended.TrySetResult();
}

static bool TryRead(string[] args, out FirehoseServerOptions options)
{
    options = new FirehoseServerOptions();
    for (int i = 0; i < args.Length; i++)
    {
        if (args[i] == "--count-only")
        {
            options = options with { CountOnly = true };
            continue;
        }

        if (i + 1 == args.Length || With(options, args[i], args[i + 1]) is not { } changed)
        {
            return false;
        }

        options = changed;
        i++;
    }

    return true;
}

static FirehoseServerOptions? With(FirehoseServerOptions options, string name, string value) => name switch
{
    "--port" => options with { Port = int.Parse(value, CultureInfo.InvariantCulture) },
    "--region" => options with { Region = value },
    "--stream" => options with { Streams = [.. options.Streams ?? [], value] },
    "--access-key" => options with { AccessKey = value },
    "--secret-key" => options with { SecretKey = value },
    "--ledger" => options with { LedgerFile = value },
    "--records-per-second" => options with { RecordsPerSecond = long.Parse(value, CultureInfo.InvariantCulture) },
    "--bytes-per-second" => options with { BytesPerSecond = long.Parse(value, CultureInfo.InvariantCulture) },
    "--requests-per-second" => options with { RequestsPerSecond = long.Parse(value, CultureInfo.InvariantCulture) },
    "--poison" => options with { Poison = value },
    "--script" => options with { Script = value },
    "--rates" => options with { Rates = value },
    "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
    _ => null,
};
