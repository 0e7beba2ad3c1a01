using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Memcached;

/// <summary>Plain gets of one key each, one behind the other in what a client has sent. The scratch of a reactor.</summary>
internal sealed class GetRun
{
    /// <summary>Most gets of a run: what comes behind them is another's.</summary>
    internal const int Most = 32;

    private const int MaxKey = 250;

    private static ReadOnlySpan<byte> Head => "get "u8;

    private readonly int[] _starts = new int[Most];
    private readonly int[] _lengths = new int[Most];

    /// <summary>Where each has its place in its client's order.</summary>
    internal Request[] Places { get; } = new Request[Most];

    /// <summary>How many gets there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Reads the gets that the bytes begin with; leaves everything that is the least bit unusual to the scanner.</summary>
    internal void Read(ReadOnlySpan<byte> bytes)
    {
        Count = 0;
        Length = 0;
        while (Count < Most && bytes[Length..].StartsWith(Head))
        {
            int start = Length + Head.Length;
            int key = bytes.Slice(start, Math.Min(MaxKey + 1, bytes.Length - start)).IndexOfAnyInRange((byte)0, (byte)' ');
            if (key <= 0 || !bytes[(start + key)..].StartsWith("\r\n"u8))
            {
                return;
            }

            _starts[Count] = start;
            _lengths[Count] = key;
            Count++;
            Length = start + key + 2;
        }
    }

    /// <summary>The key of a get with the blank before it.</summary>
    internal ReadOnlySpan<byte> Word(ReadOnlySpan<byte> bytes, int number) => bytes.Slice(_starts[number] - 1, _lengths[number] + 1);

    /// <summary>The key of a get.</summary>
    internal ReadOnlySpan<byte> Key(ReadOnlySpan<byte> bytes, int number) => bytes.Slice(_starts[number], _lengths[number]);
}
