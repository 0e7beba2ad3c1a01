using System.Buffers;

namespace Keyway.Net;

/// <summary>A peer that lives in this process: it takes bytes as a socket's other end would and answers at once.</summary>
public interface IByteService
{
    /// <summary>Takes bytes in order, in pieces of any size, and appends the answers to <paramref name="output"/>.</summary>
    void Process(ReadOnlySpan<byte> input, IBufferWriter<byte> output);

    /// <summary>The connection to it has ended.</summary>
    void Close()
    {
    }
}
