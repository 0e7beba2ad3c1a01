namespace Keyway.WriteBehind.Journal;

/// <summary>
/// A piece of a segment in memory: where the writer gathers what goes to disk in one write, and afterwards what readers of the newest records copy from.
/// </summary>
internal sealed class TailChunk
{
    internal const int Size = 256 * 1024;

    /// <summary>The bytes; those up to <see cref="Visible"/> do not change any more.</summary>
    internal byte[] Data { get; } = GC.AllocateUninitializedArray<byte>(Size);

    /// <summary>Where in the segment's file it begins.</summary>
    internal long FileOffset { get; set; }

    /// <summary>The number of its first record.</summary>
    internal long First { get; set; }

    /// <summary>Bytes gathered. The writer's own.</summary>
    internal int Used { get; set; }

    /// <summary>Bytes that are in the file. The writer's own.</summary>
    internal int Written { get; set; }

    /// <summary>The number of the last record within <see cref="Written"/>. The writer's own.</summary>
    internal long WrittenLast { get; set; }

    /// <summary>Something was gathered here that does not count yet, so it must not be used for other records.</summary>
    internal bool IsTouched { get; set; }

    /// <summary>Bytes that count as kept. Guarded by the journal's lock, as <see cref="Last"/> is.</summary>
    internal int Visible { get; set; }

    /// <summary>The number of the last record that counts as kept.</summary>
    internal long Last { get; set; }
}
