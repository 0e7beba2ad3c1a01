namespace Keyway.Proxy.Memory;

/// <summary>Does a command and writes its one reply.</summary>
internal delegate void MemoryHandler(in MemoryCall call);
