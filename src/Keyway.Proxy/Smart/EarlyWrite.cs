using Keyway.Protocol.Commands;
using Keyway.Protocol.Memcached;

namespace Keyway.Proxy.Smart;

/// <summary>A write that was answered, or is about to be, and is not known to be executed: its place in a <see cref="WriteQueue"/>.</summary>
internal struct EarlyWrite
{
    /// <summary>Counted with each write, since it takes memory besides its bytes.</summary>
    internal const int Overhead = 64;

    /// <summary>Where its bytes begin in the queue's <see cref="ByteQueue"/>.</summary>
    internal long Start;

    /// <summary>How many they are.</summary>
    internal int Length;

    /// <summary>Where its (first) key is among them.</summary>
    internal int KeyStart;

    /// <summary>The length of that key.</summary>
    internal int KeyLength;

    /// <summary>Its number in the journal; 0 if it is in none, or not committed yet.</summary>
    internal long Sequence;

    /// <summary>The command of a Redis pool, for errors.</summary>
    internal CommandInfo? Command;

    /// <summary>The command of a memcached pool.</summary>
    internal MemcachedCommand? TextCommand;

    /// <summary>The lane that it goes through.</summary>
    internal int Lane;

    /// <summary>Its client's number, which chooses among several connections.</summary>
    internal long Client;

    /// <summary>The slot of its keys, where those can move from server to server; else 0.</summary>
    internal int Slot;

    /// <summary>The number of the server that it was sent to last, where that can change.</summary>
    internal int Node;

    /// <summary>Redirects that were followed without waiting since it was last sent to the slot's owner.</summary>
    internal byte Hops;

    /// <summary>It may be sent again when it is not known whether it was executed.</summary>
    internal bool MayRepeat;

    /// <summary>It has been sent and awaits its reply.</summary>
    internal bool IsSent;

    /// <summary>Nothing is to be done about it any more.</summary>
    internal bool IsDone;

    /// <summary>The command's name, as it is shown.</summary>
    internal readonly string Name => Command?.DisplayName ?? TextCommand!.Name;
}
