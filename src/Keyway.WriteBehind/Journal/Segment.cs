using System.Numerics;
using Keyway.WriteBehind.Journal.Format;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// One segment file as the journal knows it: how far it is readable, and a bit for each record that is complete (or was never kept). Guarded by
/// the journal's lock.
/// </summary>
internal sealed class Segment(SegmentName name)
{
    private const int BitsPerWord = 64;

    private readonly List<CompletionEntry> _unwritten = [];
    private ulong[] _complete = [];
    private long _done;
    private bool _hasSeal;

    internal SegmentName Name { get; } = name;

    internal long First => Name.First;

    /// <summary>The number of the last record; <see cref="First"/> - 1 while there is none.</summary>
    internal long Last { get; private set; } = name.First - 1;

    /// <summary>How far it may be read, in bytes.</summary>
    internal long Length { get; set; } = SegmentHeader.Size;

    /// <summary>Bytes of its completion file.</summary>
    internal long CompletionBytes { get; set; }

    /// <summary>Bytes on disk.</summary>
    internal long DiskBytes => Length + CompletionBytes;

    /// <summary>Whether nothing more is written to it.</summary>
    internal bool IsSealed { get; private set; }

    /// <summary>Records that are kept and not complete.</summary>
    internal long Pending => Last - First + 1 - _done;

    /// <summary>Completions that are not on disk yet.</summary>
    internal List<CompletionEntry> UnwrittenCompletions => _unwritten;

    internal bool Contains(long sequence) => sequence >= First && sequence <= Last;

    /// <summary>Adds records up to <paramref name="last"/>, all pending.</summary>
    internal void Extend(long last)
    {
        Last = last;
        int words = (int)((last - First) / BitsPerWord) + 1;
        if (_complete.Length < words)
        {
            Array.Resize(ref _complete, Math.Max(words, _complete.Length * 2));
        }
    }

    /// <summary>Nothing more is written to it. Its completion file is to say so, so that the next start need not count its records.</summary>
    internal void Seal()
    {
        IsSealed = true;
        if (!_hasSeal && Last >= First)
        {
            _hasSeal = true;
            _unwritten.Add(CompletionEntry.Seal((uint)(Last - First + 1)));
        }
    }

    /// <summary>Believes the seal that its completion file has.</summary>
    /// <param name="records">How many it has.</param>
    /// <param name="length">Length of its file.</param>
    internal void Trust(uint records, long length)
    {
        _hasSeal = true;
        Extend(First + records - 1);
        Length = length;
    }

    internal bool IsComplete(long sequence)
    {
        long index = sequence - First;
        return (_complete[index / BitsPerWord] >> (int)(index % BitsPerWord) & 1) != 0;
    }

    /// <summary>Marks a record that it contains; false if it was complete before.</summary>
    internal bool Complete(long sequence)
    {
        if (!Mark(sequence))
        {
            return false;
        }

        AddUnwritten((uint)(sequence - First), 1);
        return true;
    }

    /// <summary>Marks all records of a range that it contains; returns how many were not complete before.</summary>
    internal long CompleteRange(long first, long last)
    {
        long count = MarkRange(first, last);
        if (count > 0)
        {
            AddUnwritten((uint)(first - First), (uint)(last - first + 1));
        }

        return count;
    }

    /// <summary>Like <see cref="CompleteRange"/>, for what the disk knows already.</summary>
    internal long MarkRange(long first, long last)
    {
        long before = _done;
        long end = last - First + 1;
        for (long index = first - First; index < end;)
        {
            int bit = (int)(index % BitsPerWord);
            int bits = (int)Math.Min(BitsPerWord - bit, end - index);
            ulong mask = (bits == BitsPerWord ? ulong.MaxValue : (1UL << bits) - 1) << bit;
            ref ulong word = ref _complete[index / BitsPerWord];
            _done += BitOperations.PopCount(mask & ~word);
            word |= mask;
            index += bits;
        }

        return _done - before;
    }

    /// <summary>Like <see cref="Complete"/>, for what the disk knows already.</summary>
    internal bool Mark(long sequence)
    {
        long index = sequence - First;
        ref ulong word = ref _complete[index / BitsPerWord];
        ulong bit = 1UL << (int)(index % BitsPerWord);
        if ((word & bit) != 0)
        {
            return false;
        }

        word |= bit;
        _done++;
        return true;
    }

    /// <summary>The first pending record from <paramref name="sequence"/> on; 0 if there is none.</summary>
    internal long FindPending(long sequence)
    {
        if (Pending == 0)
        {
            return 0;
        }

        long index = Math.Max(0, sequence - First);
        long count = Last - First + 1;
        while (index < count)
        {
            ulong open = ~_complete[index / BitsPerWord] >> (int)(index % BitsPerWord);
            if (open != 0)
            {
                index += BitOperations.TrailingZeroCount(open);
                return index < count ? First + index : 0;
            }

            index = (index / BitsPerWord + 1) * BitsPerWord;
        }

        return 0;
    }

    private void AddUnwritten(uint index, uint count)
    {
        if (_unwritten.Count > 0 && _unwritten[^1] is var last && last.First + last.Count == index)
        {
            _unwritten[^1] = last with { Count = last.Count + count };
        }
        else
        {
            _unwritten.Add(new CompletionEntry(index, count));
        }
    }
}
