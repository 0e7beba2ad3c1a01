namespace Keyway.Proxy.Memory;

/// <summary>The fields of a hash in the order in which they came, as a small hash of Redis has them.</summary>
internal sealed class HashValue
{
    // A field's object, its dictionary entry, two arrays' headers.
    private const int FieldOverhead = 128;

    private readonly Dictionary<byte[], HashField> _byName = new(BytesComparer.Instance);

    // Deleted fields leave a gap, so that deleting is quick; gaps go when they are the half.
    private readonly List<HashField?> _order = [];

    public int Count => _byName.Count;

    /// <summary>Bytes of memory, roughly.</summary>
    public long Size { get; private set; }

    public IEnumerable<HashField> Fields => _order.OfType<HashField>();

    public HashField? Find(ReadOnlySpan<byte> name) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out HashField? field) ? field : null;

    /// <summary>True if the field is new.</summary>
    public bool Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        HashField? field = Find(name);
        if (field is not null)
        {
            Size += value.Length - field.Value.Length;
            field.Value = value.ToArray();
            return false;
        }

        field = new HashField(name.ToArray(), value.ToArray(), _order.Count);
        _byName.Add(field.Name, field);
        _order.Add(field);
        Size += FieldOverhead + name.Length + value.Length;
        return true;
    }

    public bool Remove(ReadOnlySpan<byte> name)
    {
        if (!_byName.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out HashField? field))
        {
            return false;
        }

        Size -= FieldOverhead + name.Length + field.Value.Length;
        _order[field.Index] = null;
        if (_order.Count > 16 && _order.Count > 2 * Count)
        {
            Close();
        }

        return true;
    }

    /// <summary>
    /// Takes up to <paramref name="count"/> fields below <paramref name="cursor"/> (0: from the end) and returns the next cursor, 0 when
    /// all were visited. Going down is what makes a scan complete while fields come and go: closing gaps only moves fields down.
    /// </summary>
    public ulong Scan(ulong cursor, int count, List<HashField> found)
    {
        int at = cursor == 0 ? _order.Count : (int)Math.Min(cursor, (ulong)_order.Count);
        while (at > 0 && found.Count < count)
        {
            if (_order[--at] is { } field)
            {
                found.Add(field);
            }
        }

        return (ulong)at;
    }

    private void Close()
    {
        _order.RemoveAll(static field => field is null);
        for (int i = 0; i < _order.Count; i++)
        {
            _order[i]!.Index = i;
        }
    }
}
