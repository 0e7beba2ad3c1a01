using Keyway.WriteBehind.Journal.Format;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Journal;

/// <summary>Keeps damaged bytes aside, for people to look at.</summary>
internal static class CorruptBytes
{
    private const int Piece = 64 * 1024;

    /// <summary>Copies a range of a segment to a file that is named for its place, so that a range found twice is kept once.</summary>
    internal static void Keep(IJournalStorage storage, IJournalFile segment, SegmentName name, long offset, long length)
    {
        using IJournalFile file = storage.OpenWrite(name.Corrupt(offset));
        if (file.Length == length)
        {
            return;
        }

        byte[] buffer = new byte[Math.Min(Piece, length)];
        for (long done = 0; done < length;)
        {
            int read = segment.Read(offset + done, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)));
            if (read == 0)
            {
                return;
            }

            file.Write(done, buffer.AsSpan(0, read));
            done += read;
        }
    }
}
