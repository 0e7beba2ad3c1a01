using System.Buffers;
using System.Buffers.Text;

namespace Keyway.Proxy.Memory.Memcached;

/// <summary>The flags of one meta command, and its key. One for each session, used again.</summary>
internal sealed class MetaFlags
{
    private const int LongestKey = 250;

    private readonly bool[] _seen = new bool[128];
    private readonly List<byte[]> _flags = [];

    /// <summary>Key as bytes, decoded if it came as base64.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Key as it came.</summary>
    public byte[] KeyAsGiven { get; private set; } = [];

    /// <summary>All flags with their tokens, in the client's order.</summary>
    public IReadOnlyList<byte[]> All => _flags;

    public bool IsQuiet => Has('q');

    public bool HasBinaryKey => Has('b');

    /// <summary>T: seconds to live.</summary>
    public int Ttl { get; private set; }

    /// <summary>N: seconds to live of an item that the command makes.</summary>
    public int VivifyTtl { get; private set; }

    /// <summary>R: below so many seconds to live one client is to renew the item.</summary>
    public int RecacheTtl { get; private set; }

    /// <summary>F.</summary>
    public uint ItemFlags { get; private set; }

    /// <summary>C.</summary>
    public ulong Cas { get; private set; }

    /// <summary>J: the first value of a counter.</summary>
    public ulong Initial { get; private set; }

    /// <summary>D.</summary>
    public ulong Delta { get; private set; }

    /// <summary>M; 0 for none.</summary>
    public byte Mode { get; private set; }

    public bool Has(char flag) => _seen[flag];

    /// <summary>Reads the flags, the words from <paramref name="first"/> to before <paramref name="end"/>; false with an <paramref name="error"/>.</summary>
    public bool Read(ReadOnlySpan<byte> line, CommandWords words, int first, int end, out ReadOnlySpan<byte> error)
    {
        Array.Clear(_seen);
        _flags.Clear();
        (Ttl, VivifyTtl, RecacheTtl, ItemFlags, Cas, Initial, Delta, Mode) = (0, 0, 0, 0, 0, 0, 1, 0);
        Key = KeyAsGiven = words.Get(line, 1).ToArray();
        error = default;
        for (int i = first; i < end; i++)
        {
            ReadOnlySpan<byte> flag = words.Get(line, i);
            if (flag[0] >= 127 || _seen[flag[0]])
            {
                error = "CLIENT_ERROR duplicate flag"u8;
                return false;
            }

            _seen[flag[0]] = true;
            _flags.Add(flag.ToArray());
            if (!Take(flag[0], flag[1..], out ReadOnlySpan<byte> wrong))
            {
                error = wrong;
                return false;
            }

            // The last mistake counts, but F's only if there is no other.
            error = wrong.IsEmpty || (flag[0] == 'F' && !error.IsEmpty) ? error : wrong;
        }

        return error.IsEmpty;
    }

    // False for what memcached does not read beyond; an error alone lets it look at the other flags first.
    private bool Take(byte letter, ReadOnlySpan<byte> token, out ReadOnlySpan<byte> error)
    {
        bool isRight = true;
        error = "CLIENT_ERROR bad token in command line format"u8;
        switch (letter)
        {
            case (byte)'b':
                isRight = DecodeKey();
                error = "CLIENT_ERROR error decoding key"u8;
                break;
            case (byte)'N':
                isRight = MemcachedNumbers.TrySigned(token, out int vivify);
                VivifyTtl = vivify;
                break;
            case (byte)'T':
                isRight = MemcachedNumbers.TrySigned(token, out int ttl);
                Ttl = ttl;
                break;
            case (byte)'R':
                isRight = MemcachedNumbers.TrySigned(token, out int recache);
                RecacheTtl = recache;
                break;
            case (byte)'F':
                isRight = MemcachedNumbers.TryUnsigned(token, out ulong flags);
                ItemFlags = (uint)flags;
                error = TextCommands.BadFormat;
                break;
            case (byte)'C':
                isRight = MemcachedNumbers.TryUnsigned(token, out ulong cas);
                Cas = cas;
                break;
            case (byte)'J':
                isRight = MemcachedNumbers.TryUnsigned(token, out ulong initial);
                Initial = initial;
                error = "CLIENT_ERROR invalid numeric initial value"u8;
                break;
            case (byte)'D':
                isRight = MemcachedNumbers.TryUnsigned(token, out ulong delta);
                Delta = delta;
                error = "CLIENT_ERROR invalid numeric delta value"u8;
                break;
            case (byte)'M':
                isRight = token.Length == 1;
                Mode = isRight ? token[0] : (byte)0;
                error = "CLIENT_ERROR incorrect length for M token"u8;
                break;
            case (byte)'I' or (byte)'O' or (byte)'P' or (byte)'L' or (byte)'k' or (byte)'s' or (byte)'t' or (byte)'c' or (byte)'f' or (byte)'v' or (byte)'h' or (byte)'l' or (byte)'u' or (byte)'q':
                break;
            default:
                error = "CLIENT_ERROR invalid flag"u8;
                return false;
        }

        error = isRight ? default : error;
        return true;
    }

    private bool DecodeKey()
    {
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(KeyAsGiven.Length)];
        if (Base64.DecodeFromUtf8(KeyAsGiven, decoded, out _, out int length) != OperationStatus.Done || length is 0 or > LongestKey)
        {
            return false;
        }

        Key = decoded[..length];
        return true;
    }
}
