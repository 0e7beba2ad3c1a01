using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Resp;

/// <summary>
/// The arguments of one request. A reactor owns one and reuses it for each request: nothing is allocated once it is warm, and what
/// a giant request made it hold is given back after <see cref="QuietRequests"/> smaller ones.
/// </summary>
public sealed class RequestArgs
{
    /// <summary>Requests after which unused room is given back.</summary>
    public const int QuietRequests = 256;

    // Room for 1024 arguments is 8 KiB; requests with more are rare.
    private const int RangesKept = 1024;
    private const int ScratchKept = 4096;

    private ArgRange[] _ranges = new ArgRange[16];
    private byte[] _canonical = [];
    private int _canonicalLength;
    private int _quiet;

    /// <summary>Number of arguments, the command's name included.</summary>
    public int Count { get; private set; }

    /// <summary>True if the request came as a plain line: the ranges are then offsets into <see cref="CanonicalFrame"/>.</summary>
    public bool IsInline { get; private set; }

    /// <summary>An inline request as an array of bulks, which is what may be forwarded; empty for other requests.</summary>
    public ReadOnlySpan<byte> CanonicalFrame => _canonical.AsSpan(0, _canonicalLength);

    /// <summary>Where argument <paramref name="index"/> lies, 0 to <see cref="Count"/> - 1.</summary>
    public ref readonly ArgRange this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return ref _ranges[index];
        }
    }

    /// <summary>The bytes of an argument.</summary>
    /// <param name="frame">The request, or <see cref="CanonicalFrame"/> if <see cref="IsInline"/>.</param>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Get(ReadOnlySpan<byte> frame, int index)
    {
        ref readonly ArgRange range = ref this[index];
        return frame.Slice(range.Start, range.Length);
    }

    /// <summary>Offset of argument <paramref name="index"/> in its frame.</summary>
    public int Start(int index) => this[index].Start;

    /// <summary>Bytes of argument <paramref name="index"/>.</summary>
    public int Length(int index) => this[index].Length;

    /// <summary>Forgets the arguments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear()
    {
        if (_ranges.Length > RangesKept || _canonical.Length > ScratchKept)
        {
            GiveBack();
        }

        Count = 0;
        IsInline = false;
        _canonicalLength = 0;
    }

    /// <summary>Bytes of memory held for the ranges and the canonical frame.</summary>
    internal long HeldBytes => ((long)_ranges.Length * Unsafe.SizeOf<ArgRange>()) + _canonical.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int start, int length)
    {
        ArgRange[] ranges = _ranges;
        int index = Count;
        if ((uint)index >= (uint)ranges.Length)
        {
            Array.Resize(ref _ranges, ranges.Length * 2);
            ranges = _ranges;
        }

        ranges[index].Start = start;
        ranges[index].Length = length;
        Count = index + 1;
    }

    /// <summary>Argument <paramref name="index"/> was copied to <paramref name="start"/>.</summary>
    internal void Move(int index, int start) => _ranges[index].Start = start;

    /// <summary>Begins an inline request whose canonical form has at most <paramref name="most"/> bytes.</summary>
    internal Span<byte> BeginInline(int most)
    {
        IsInline = true;
        if (_canonical.Length < most)
        {
            _canonical = new byte[Math.Max(most, 256)];
        }

        return _canonical;
    }

    /// <summary>Ends an inline request.</summary>
    internal void EndInline(int length) => _canonicalLength = length;

    private void GiveBack()
    {
        _quiet = Count > RangesKept || _canonicalLength > ScratchKept ? 0 : _quiet + 1;
        if (_quiet >= QuietRequests)
        {
            _quiet = 0;
            _ranges = new ArgRange[RangesKept];
            _canonical = [];
        }
    }
}
