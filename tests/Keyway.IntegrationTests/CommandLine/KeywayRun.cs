using System.Diagnostics;
using System.Text;

namespace Keyway.IntegrationTests.CommandLine;

/// <summary>Starts the built executable and collects what it says.</summary>
internal sealed record KeywayRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "keyway");

    public static Task<KeywayRun> Run(params string[] args) => RunWithInput([], args);

    /// <summary>Runs a line of the shell.</summary>
    public static Task<KeywayRun> RunShell(string line) => Run([], "/bin/sh", ["-c", line]);

    public static Task<KeywayRun> RunWithInput(byte[] input, params string[] args) => Run(input, Executable, args);

    private static async Task<KeywayRun> Run(byte[] input, string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        start.Environment["KEYWAY_TEST_PASSWORD"] = "s3cr3t-horse";
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.BaseStream.WriteAsync(input, limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new KeywayRun(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
