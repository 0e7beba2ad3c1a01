using System.Buffers.Binary;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Smart;

/// <summary>What stands before a request in the journal: 1 byte form (1), 1 reactor, 2 queue, 4 database, 4 and 4 where its key is, 1 RESP version, 1 protocol (0 Redis, 1 memcached), 8 client.</summary>
public readonly record struct WriteHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 26;

    private const byte Form = 1;

    /// <summary>What the request is written in.</summary>
    public PoolProtocol Protocol { get; init; }

    /// <summary>The reactor whose client sent it.</summary>
    public int Reactor { get; init; }

    /// <summary>The number of its queue: that of the server in placement order, or of the group of slots in a cluster.</summary>
    public int Server { get; init; }

    /// <summary>The database.</summary>
    public int Database { get; init; }

    /// <summary>Where the key begins in the request.</summary>
    public int KeyStart { get; init; }

    /// <summary>The key's length.</summary>
    public int KeyLength { get; init; }

    /// <summary>The RESP version of the connection that it is sent on.</summary>
    public int RespVersion { get; init; }

    /// <summary>The number of the client that sent it.</summary>
    public long Client { get; init; }

    /// <summary>Writes it to the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = Form;
        bytes[1] = (byte)Reactor;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)Server);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Database);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], KeyStart);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], KeyLength);
        bytes[16] = (byte)RespVersion;
        bytes[17] = (byte)Protocol;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[18..], Client);
    }

    /// <summary>Reads one; false if it is none, or does not fit the request.</summary>
    /// <param name="bytes">The record's header.</param>
    /// <param name="frame">The request.</param>
    /// <param name="header">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> frame, out WriteHeader header)
    {
        header = default;
        if (bytes.Length != Size || bytes[0] != Form)
        {
            return false;
        }

        header = new WriteHeader
        {
            Reactor = bytes[1],
            Server = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            Database = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            KeyStart = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            KeyLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            RespVersion = bytes[16],
            Protocol = (PoolProtocol)bytes[17],
            Client = BinaryPrimitives.ReadInt64LittleEndian(bytes[18..]),
        };
        return header.KeyStart >= 0 && header.KeyLength >= 0 && (long)header.KeyStart + header.KeyLength <= frame.Length;
    }
}
