namespace Keyway.Proxy.Memory;

/// <summary>One field of a hash.</summary>
internal sealed class HashField(byte[] name, byte[] value, int index)
{
    public byte[] Name { get; } = name;

    public byte[] Value { get; set; } = value;

    /// <summary>Place in the order of the hash.</summary>
    public int Index { get; set; } = index;
}
