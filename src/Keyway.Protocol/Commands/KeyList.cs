using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Which arguments of a request are keys. A reactor owns one and uses it again for each request, so that nothing is allocated once it is
/// warm.
/// </summary>
public sealed class KeyList
{
    private int[] _indexes = new int[16];

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>The argument that is key <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public int this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index));
            }

            return _indexes[index];
        }
    }

    /// <summary>The arguments that are keys.</summary>
    public ReadOnlySpan<int> Indexes => _indexes.AsSpan(0, Count);

    /// <summary>Forgets the keys.</summary>
    public void Clear() => Count = 0;

    internal void Add(int argument)
    {
        if (Count == _indexes.Length)
        {
            Array.Resize(ref _indexes, Count * 2);
        }

        _indexes[Count++] = argument;
    }
}
