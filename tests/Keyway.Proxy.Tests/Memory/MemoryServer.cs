using System.Buffers;
using System.Text;
using Keyway.Proxy.Memory;
using Keyway.Testing;

namespace Keyway.Proxy.Tests.Memory;

/// <summary>A store with one session, asked in plain lines.</summary>
internal sealed class MemoryServer(long maxBytes = 64 << 20)
{
    private readonly ArrayBufferWriter<byte> _output = new();

    public ManualTimeProvider Clock { get; } = new();

    public MemoryStore Store => field ??= new MemoryStore(maxBytes, Clock, new Random(7));

    public MemorySession Session => field ??= new MemorySession(Store);

    /// <summary>The replies to lines, with <c>~</c> for CRLF.</summary>
    public string Ask(string line) => Send(line + "\r\n");

    public string Send(string bytes)
    {
        _output.ResetWrittenCount();
        Session.Process(Encoding.Latin1.GetBytes(bytes), _output);
        return Encoding.Latin1.GetString(_output.WrittenSpan).Replace("\r\n", "~", StringComparison.Ordinal);
    }
}
