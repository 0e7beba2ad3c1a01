namespace Keyway.WriteBehind.Tests.Journal.Storage;

/// <summary>What a <see cref="MemoryStorage"/> refuses.</summary>
[Flags]
internal enum StorageFault
{
    None = 0,
    Write = 1,
    Sync = 2,
    Cut = 4,
    Read = 8,
    Create = 16,
}
