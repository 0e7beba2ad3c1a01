namespace Keyway.Protocol.Hashing;

/// <summary>Bob Jenkins' one-at-a-time hash over sign-extended bytes.</summary>
internal static class OneAtATime
{
    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        uint hash = 0;
        foreach (var b in key)
        {
            hash += (uint)(sbyte)b;
            hash += hash << 10;
            hash ^= hash >> 6;
        }

        hash += hash << 3;
        hash ^= hash >> 11;
        return hash + (hash << 15);
    }
}
