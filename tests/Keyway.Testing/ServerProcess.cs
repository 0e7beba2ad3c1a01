using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;

namespace Keyway.Testing;

/// <summary>A real server on a free loopback port with a directory of its own, which goes with it.</summary>
public abstract class ServerProcess : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private ChildProcess? _process;

    /// <summary>Takes a port and a directory; <see cref="Restart"/> starts the server.</summary>
    protected ServerProcess(int? port)
    {
        Port = port ?? FreePorts.Next();
        Directory = System.IO.Directory.CreateTempSubdirectory("keyway-test-").FullName;
    }

    /// <summary>The loopback port that the server listens on.</summary>
    public int Port { get; }

    /// <summary>The server's own directory.</summary>
    public string Directory { get; }

    /// <summary>The address as configuration files write it, <c>127.0.0.1:port</c>.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The running process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("Not started.");

    /// <summary>CPUs that the process may use, as taskset writes them, or null for all. Holds from the next start.</summary>
    public string? Cpus { get; init; }

    /// <summary>Kills the server (SIGKILL): connections break, data is lost.</summary>
    public void Kill() => Process.Kill();

    /// <summary>Freezes the server (SIGSTOP): connections stay, nothing is answered.</summary>
    public void Stop() => Process.Signal(Posix.SigStop);

    /// <summary>Lets a frozen server go on.</summary>
    public void Continue() => Process.Signal(Posix.SigContinue);

    /// <summary>Starts the server, after killing it if it runs, on the same port; returns when it answers.</summary>
    public void Restart()
    {
        _process?.Dispose();
        var (program, arguments) = Command();
        _process = Cpus is null
            ? ChildProcess.Start(program, arguments, Directory)
            : ChildProcess.Start("taskset", ["-c", Cpus, program, .. arguments], Directory);
        _process.WaitUntil(Answers, StartLimit, $"answering on port {Port}");
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1063", Justification = "Nothing here needs a finalizer.")]
    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        _process?.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The program and its arguments.</summary>
    protected abstract (string Program, IReadOnlyList<string> Arguments) Command();

    /// <summary>Whether the server answers by now.</summary>
    protected abstract bool Answers();

    /// <summary>Whether the server answers <paramref name="request"/> with something that begins with <paramref name="reply"/>.</summary>
    protected bool Answers(string request, string reply)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port) { ReceiveTimeout = 1000, SendTimeout = 1000 };
            var stream = client.GetStream();
            stream.Write(Encoding.ASCII.GetBytes(request));
            var buffer = new byte[reply.Length];
            stream.ReadExactly(buffer);
            return Encoding.ASCII.GetString(buffer) == reply;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
