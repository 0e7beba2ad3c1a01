namespace Keyway.Protocol.Hashing;

/// <summary>
/// Two bytes that mark the part of a key which places it, so that <c>{user:1}:name</c> and <c>{user:1}:mail</c> share a server. The default
/// value is no tag: the whole key counts.
/// </summary>
public readonly record struct HashTag
{
    private readonly bool _isSet;
    private readonly byte _open;
    private readonly byte _close;

    /// <summary>A tag of two bytes, which may be equal (<c>$$</c>).</summary>
    /// <param name="open">The byte before the part that counts.</param>
    /// <param name="close">The byte after it.</param>
    public HashTag(byte open, byte close)
    {
        _isSet = true;
        _open = open;
        _close = close;
    }

    /// <summary>No tag: the whole key counts.</summary>
    public static HashTag None => default;

    /// <summary>
    /// What lies between the first opening byte and the first closing byte after it; the whole key when either is missing or nothing lies
    /// between. Only the first opening byte is tried, as in nutcracker and Redis Cluster: of <c>x{}y{z}</c> the whole key counts.
    /// </summary>
    public ReadOnlySpan<byte> Effective(ReadOnlySpan<byte> key)
    {
        if (!_isSet)
        {
            return key;
        }

        var start = key.IndexOf(_open) + 1;
        var length = start == 0 ? 0 : key[start..].IndexOf(_close);
        return length > 0 ? key.Slice(start, length) : key;
    }
}
