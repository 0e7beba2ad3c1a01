using System.Diagnostics;
using System.Text;

namespace Keyway.Testing;

/// <summary>A process that ends, at the latest, when this one does, however this one ends (Linux). Its output is kept.</summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly string? Wrapper =
        OperatingSystem.IsLinux() && File.Exists("/usr/bin/setpriv") ? "/usr/bin/setpriv" : null;

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code of an ended process.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Everything written to standard output and standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>CPU time of all its threads so far, in nanoseconds (Linux).</summary>
    public long CpuNanoseconds => Posix.CpuNanoseconds(Id);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a program, found on the path or where Debian keeps servers, with <paramref name="environment"/> added to this process's own.</summary>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(Wrapper ?? Find(program))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory ?? string.Empty,
        };
        if (Wrapper is not null)
        {
            info.ArgumentList.Add("--pdeathsig");
            info.ArgumentList.Add("KILL");
            info.ArgumentList.Add("--");
            info.ArgumentList.Add(Find(program));
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        return new ChildProcess(StarterThread.Start(info));
    }

    /// <summary>Waits until <paramref name="condition"/> holds; throws with the log when it does not in time, or the process ends.</summary>
    public void WaitUntil(Func<bool> condition, TimeSpan within, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (_process.HasExited)
            {
                _process.WaitForExit();
                throw new InvalidOperationException($"Ended with code {_process.ExitCode} before {what}. Its output:\n{Log}");
            }

            if (clock.Elapsed > within)
            {
                throw new TimeoutException($"Not {what} within {within.TotalSeconds} s. Its output:\n{Log}");
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Sends a signal by number.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            Posix.Signal(Id, signal);
        }
    }

    /// <summary>Sends SIGHUP.</summary>
    public void HangUp() => Signal(Posix.SigHup);

    /// <summary>Ends the process at once and waits until it is gone.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Asks the process to end (SIGTERM) and returns its exit code; kills it and throws if it does not in time.</summary>
    public int Terminate(TimeSpan within)
    {
        Signal(Posix.SigTerm);
        if (!_process.WaitForExit(within))
        {
            Kill();
            throw new TimeoutException($"Did not end within {within.TotalSeconds} s of SIGTERM. Its output:\n{Log}");
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Waits for the process to end by itself; false if it does not in time.</summary>
    public bool WaitForExit(TimeSpan within)
    {
        if (!_process.WaitForExit(within))
        {
            return false;
        }

        // The parameterless form also waits for the rest of the output.
        _process.WaitForExit();
        return true;
    }

    /// <summary>Kills the process if it still runs.</summary>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static string Find(string program)
    {
        if (Path.IsPathRooted(program))
        {
            return program;
        }

        var path = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin";
        return path.Split(':').Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{program} is not installed; eng/install-test-servers installs what tests need.");
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }
}
