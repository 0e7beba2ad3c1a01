namespace Keyway.Proxy.Memcached;

/// <summary>The keys of the gets that a connection awaits a value of, in their order.</summary>
internal sealed class KeyQueue
{
    private byte[] _bytes = new byte[1024]; // each key behind its length, which is a byte
    private int _start;
    private int _end;

    /// <summary>Adds a key of 1 to 250 bytes.</summary>
    internal void Enqueue(ReadOnlySpan<byte> key)
    {
        if (_bytes.Length - _end <= key.Length)
        {
            MakeRoom();
        }

        _bytes[_end] = (byte)key.Length;
        key.CopyTo(_bytes.AsSpan(_end + 1));
        _end += key.Length + 1;
    }

    /// <summary>The key that comes first.</summary>
    internal ReadOnlySpan<byte> First => _bytes.AsSpan(_start + 1, _bytes[_start]);

    /// <summary>Drops the key that comes first.</summary>
    internal void Dequeue()
    {
        _start += _bytes[_start] + 1;
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }
    }

    private void MakeRoom()
    {
        int used = _end - _start;
        byte[] target = used > _bytes.Length / 2 ? new byte[_bytes.Length * 2] : _bytes;
        _bytes.AsSpan(_start, used).CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = used;
    }
}
