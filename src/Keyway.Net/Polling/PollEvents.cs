namespace Keyway.Net.Polling;

/// <summary>What happened to a watched socket. A hang-up or an error comes as <see cref="Hangup"/> whatever the interest.</summary>
[Flags]
internal enum PollEvents : byte
{
    None = 0,
    Readable = 1,
    Writable = 2,
    Hangup = 4,

    /// <summary>The peer sends nothing more; what it sent before may not have been read yet.</summary>
    End = 8,
}
