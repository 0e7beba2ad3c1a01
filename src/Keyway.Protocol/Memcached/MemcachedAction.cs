namespace Keyway.Protocol.Memcached;

/// <summary>What kind of thing a command does; commands of one kind share their syntax and their way.</summary>
public enum MemcachedAction : byte
{
    /// <summary><c>get key+</c> and its like.</summary>
    Get,

    /// <summary><c>gat exptime key+</c>.</summary>
    GetAndTouch,

    /// <summary><c>set key flags exptime bytes [noreply]</c> and a data block; <c>cas</c> has one number more.</summary>
    Store,

    /// <summary><c>delete key [0] [noreply]</c>.</summary>
    Delete,

    /// <summary><c>incr key delta [noreply]</c>.</summary>
    Arithmetic,

    /// <summary><c>touch key exptime [noreply]</c>.</summary>
    Touch,

    /// <summary><c>mg key flag*</c>.</summary>
    MetaGet,

    /// <summary><c>ms key bytes flag*</c> and a data block.</summary>
    MetaSet,

    /// <summary><c>md key flag*</c>.</summary>
    MetaDelete,

    /// <summary><c>ma key flag*</c>.</summary>
    MetaArithmetic,

    /// <summary><c>me key</c>.</summary>
    MetaDebug,

    /// <summary><c>mn</c>.</summary>
    MetaNoOp,

    /// <summary><c>flush_all [delay] [noreply]</c>.</summary>
    FlushAll,

    /// <summary><c>stats [what]</c>.</summary>
    Stats,

    /// <summary><c>version</c>.</summary>
    Version,

    /// <summary><c>verbosity level [noreply]</c>.</summary>
    Verbosity,

    /// <summary><c>quit</c>.</summary>
    Quit,

    /// <summary><c>shutdown</c>, which memcached itself does not do unless told so at its start.</summary>
    Shutdown,

    /// <summary>Concerns one memcached process, or turns its connection into a stream.</summary>
    Admin,
}
