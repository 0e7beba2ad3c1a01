using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Keyway.Protocol.Tests.Hashing;

public sealed class KeyHashTests
{
    public static TheoryData<HashKind> Kinds => [.. Enum.GetValues<HashKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_EmptyKey_IsZero(HashKind kind) => Assert.Equal(0u, KeyHash.Compute(kind, []));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compute_AnyKey_IsRawHash(HashKind kind) => Assert.Equal(KeyHash.Raw(kind, "apple"u8), KeyHash.Compute(kind, "apple"u8));

    [Fact]
    public void Compute_UndefinedKind_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => KeyHash.Compute((HashKind)99, "k"u8));

    // CRC-16/XMODEM's and CRC-32's published check values are of "123456789".
    [Fact]
    public void Crc16_CheckString_HasStandardLowHalf() => Assert.Equal(0x31C3u, KeyHash.Compute(HashKind.Crc16, "123456789"u8) & 0xFFFF);

    [Fact]
    public void Crc16_EveryLength_StandardIsNutcrackersLowHalf()
    {
        Random random = new(16);
        for (int length = 0; length <= 64; length++)
        {
            byte[] key = new byte[length];
            random.NextBytes(key);

            Assert.Equal(Crc16.Hash(key) & 0xFFFF, Crc16.Standard(key));
        }
    }

    [Fact]
    public void Crc32a_CheckString_IsStandard() => Assert.Equal(0xCBF43926, KeyHash.Compute(HashKind.Crc32a, "123456789"u8));

    [Fact]
    public void Md5_EveryLengthAroundBlockEdges_IsPlatformsDigest()
    {
        var random = new Random(1);
        Span<byte> digest = stackalloc byte[Md5.DigestSize];
        for (var length = 0; length <= 260; length++)
        {
            var message = new byte[length];
            random.NextBytes(message);
#pragma warning disable CA5351 // The reference that ours is compared with.
            var expected = MD5.HashData(message);
#pragma warning restore CA5351

            Md5.Hash(message, digest);

            Assert.True(digest.SequenceEqual(expected), $"length {length}");
            Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(expected), Md5.Hash(message));
        }
    }
}
