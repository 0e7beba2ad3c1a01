namespace Keyway.Proxy.Relay.Records;

/// <summary>What a key is in a record; a key is one of them in all of a transaction.</summary>
internal enum FieldShape : byte
{
    /// <summary>A string: SET. The first in a transaction stays, as with smart-relayer.</summary>
    Text,

    /// <summary>An array of strings, in the order in which they came: SADD, LPUSH, RPUSH, PUBLISH.</summary>
    List,

    /// <summary>An object, of which a later field replaces an earlier one of its name: HSET, HMSET.</summary>
    Map,

    /// <summary>An array of objects: XADD.</summary>
    Entries,
}
