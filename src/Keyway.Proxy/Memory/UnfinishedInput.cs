namespace Keyway.Proxy.Memory;

/// <summary>What a client has sent of a request whose rest is still to come. Holds no copy while every request comes in one piece.</summary>
internal sealed class UnfinishedInput
{
    private const int MostKept = 64 * 1024; // bytes of memory that stay while nothing is unfinished

    private byte[] _bytes = [];
    private int _length;

    /// <summary>What is here with <paramref name="input"/> behind it; to be followed by <see cref="Keep"/>.</summary>
    internal ReadOnlySpan<byte> Join(ReadOnlySpan<byte> input)
    {
        if (_length == 0)
        {
            return input;
        }

        Append(input);
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Keeps what is not done yet.</summary>
    /// <param name="bytes">What <see cref="Join"/> gave.</param>
    /// <param name="done">How much of it was handled.</param>
    internal void Keep(ReadOnlySpan<byte> bytes, int done)
    {
        if (_length == 0)
        {
            Append(bytes[done..]);
        }
        else
        {
            bytes[done..].CopyTo(_bytes);
            _length -= done;
        }

        if (_length == 0 && _bytes.Length > MostKept)
        {
            _bytes = [];
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int needed = _length + bytes.Length;
        if (_bytes.Length < needed)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(256, _bytes.Length * 2L))));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length = needed;
    }
}
