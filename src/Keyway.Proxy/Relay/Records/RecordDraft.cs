using System.IO.Compression;
using System.Runtime.CompilerServices;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Relay.Records;

/// <summary>
/// A record before it is written: the strings that one command, or all of a transaction, put into it. Written, keys and fields are sorted by their
/// bytes. Reused: warm, it allocates nothing but for compressed values.
/// </summary>
internal sealed class RecordDraft
{
    private const int MostKept = 1 << 20; // bytes of a draft that stay warm

    private readonly Dictionary<int, int> _firstByHash = [];
    private readonly Comparison<int> _inOrder;
    private RecordItem[] _items = new RecordItem[16];
    private int[] _order = [];
    private byte[] _bytes = new byte[1024];
    private int _length;
    private int _count;
    private int _command;
    private int _key; // of the command at hand: an item's index to be, its key's place
    private int _keyStart;
    private int _keyLength;

    internal RecordDraft() => _inOrder = Compare;

    /// <summary>When the record began, in milliseconds since 1970.</summary>
    internal long Time { get; private set; }

    /// <summary>Bytes of memory that it takes.</summary>
    internal long Size => _length + ((long)_count * Unsafe.SizeOf<RecordItem>());

    /// <summary>Begins an empty record.</summary>
    internal void Begin(long time)
    {
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[1024];
        }

        if ((long)_items.Length * Unsafe.SizeOf<RecordItem>() > MostKept)
        {
            _items = new RecordItem[16];
            _order = [];
            _firstByHash.Clear();
            _firstByHash.TrimExcess();
        }

        _firstByHash.Clear();
        _length = 0;
        _count = 0;
        _command = 0;
        Time = time;
    }

    /// <summary>Begins a command's part: what is added next belongs to this key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">What the command makes of it.</param>
    /// <param name="isNew">False if an earlier command has put something there.</param>
    /// <returns>False if the key has another shape already; nothing has changed then.</returns>
    internal bool TryBeginKey(ReadOnlySpan<byte> key, FieldShape shape, out bool isNew)
    {
        HashCode code = default;
        code.AddBytes(key);
        int hash = code.ToHashCode();
        _key = _firstByHash.GetValueOrDefault(hash, -1);
        int known = _key;
        while (known >= 0 && !KeyOf(known).SequenceEqual(key))
        {
            known = _items[known].SameHash;
        }

        isNew = known < 0;
        if (!isNew)
        {
            if (_items[known].Shape != shape)
            {
                return false;
            }

            (_keyStart, _keyLength, _key) = (_items[known].KeyStart, _items[known].KeyLength, -1);
        }
        else
        {
            (_keyStart, _keyLength) = (Copy(key), key.Length);
            _firstByHash[hash] = _count;
        }

        _command++;
        return true;
    }

    /// <summary>Adds a string to the key; at least one follows each new key.</summary>
    internal void Add(ReadOnlySpan<byte> value, FieldShape shape, bool isCompressed) => Add(default, value, shape, isCompressed);

    /// <summary>Adds a field with its value to the key.</summary>
    internal void Add(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, FieldShape shape, bool isCompressed)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        ref RecordItem item = ref _items[_count++];
        item.KeyStart = _keyStart;
        item.KeyLength = _keyLength;
        item.FieldStart = Copy(field);
        item.FieldLength = field.Length;
        item.ValueStart = Copy(value);
        item.ValueLength = value.Length;
        item.Command = _command;
        item.SameHash = _key;
        item.Shape = shape;
        item.IsCompressed = isCompressed;
        _key = -1;
    }

    /// <summary>Writes the record: <c>{"ts":1,"data":{...}}</c>, without <c>data</c> if it is empty.</summary>
    internal void Write(RecordText text, BinaryText binary)
    {
        Sort();
        text.Write("{\"ts\":"u8);
        text.WriteNumber(Time);
        if (_count > 0)
        {
            text.Write(",\"data\":{"u8);
            for (int i = 0; i < _count && !text.IsTooLong;)
            {
                if (i > 0)
                {
                    text.Write((byte)',');
                }

                int end = EndOfKey(i);
                JsonText.WriteKey(text, KeyOf(_order[i]));
                text.Write((byte)':');
                WriteGroup(text, i, end, binary);
                i = end;
            }

            text.Write((byte)'}');
        }

        text.Write((byte)'}');
    }

    private void WriteGroup(RecordText text, int start, int end, BinaryText binary)
    {
        switch (_items[_order[start]].Shape)
        {
            case FieldShape.Text:
                WriteValue(text, start, binary);
                break;
            case FieldShape.List:
                text.Write((byte)'[');
                for (int i = start; i < end && !text.IsTooLong; i++)
                {
                    Separate(text, i > start);
                    WriteValue(text, i, binary);
                }

                text.Write((byte)']');
                break;
            case FieldShape.Map:
                WriteFields(text, start, end, binary);
                break;
            default:
                text.Write((byte)'[');
                for (int i = start; i < end && !text.IsTooLong;)
                {
                    int next = i + 1;
                    while (next < end && _items[_order[next]].Command == _items[_order[i]].Command)
                    {
                        next++;
                    }

                    Separate(text, i > start);
                    WriteFields(text, i, next, binary);
                    i = next;
                }

                text.Write((byte)']');
                break;
        }
    }

    private void WriteFields(RecordText text, int start, int end, BinaryText binary)
    {
        text.Write((byte)'{');
        bool isFirst = true;
        for (int i = start; i < end && !text.IsTooLong; i++)
        {
            if (i + 1 < end && FieldOf(_order[i]).SequenceEqual(FieldOf(_order[i + 1])))
            {
                continue; // a later one of the same name replaces it
            }

            Separate(text, !isFirst);
            isFirst = false;
            JsonText.WriteKey(text, FieldOf(_order[i]));
            text.Write((byte)':');
            WriteValue(text, i, binary);
        }

        text.Write((byte)'}');
    }

    private void WriteValue(RecordText text, int index, BinaryText binary)
    {
        ref readonly RecordItem item = ref _items[_order[index]];
        ReadOnlySpan<byte> value = _bytes.AsSpan(item.ValueStart, item.ValueLength);
        if (!item.IsCompressed)
        {
            JsonText.WriteValue(text, value, binary);
            return;
        }

        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(value);
        }

        text.Write((byte)'"');
        text.WriteBase64(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        text.Write((byte)'"');
    }

    private static void Separate(RecordText text, bool isNeeded)
    {
        if (isNeeded)
        {
            text.Write((byte)',');
        }
    }

    private int EndOfKey(int start)
    {
        int end = start + 1;
        while (end < _count && KeyOf(_order[end]).SequenceEqual(KeyOf(_order[start])))
        {
            end++;
        }

        return end;
    }

    private void Sort()
    {
        if (_order.Length < _count)
        {
            _order = new int[_items.Length];
        }

        Span<int> order = _order.AsSpan(0, _count);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (order.Length > 1)
        {
            order.Sort(_inOrder);
        }
    }

    private int Compare(int left, int right)
    {
        ref readonly RecordItem a = ref _items[left];
        ref readonly RecordItem b = ref _items[right];

        // Items of one command share its key's bytes, which saves comparing them.
        int order = a.KeyStart == b.KeyStart && a.KeyLength == b.KeyLength ? 0 : KeyOf(left).SequenceCompareTo(KeyOf(right));
        if (order == 0 && a.Shape == FieldShape.Entries)
        {
            order = a.Command.CompareTo(b.Command);
        }

        if (order == 0 && a.Shape is FieldShape.Map or FieldShape.Entries)
        {
            order = FieldOf(left).SequenceCompareTo(FieldOf(right));
        }

        return order == 0 ? left.CompareTo(right) : order;
    }

    private ReadOnlySpan<byte> KeyOf(int item) => _bytes.AsSpan(_items[item].KeyStart, _items[item].KeyLength);

    private ReadOnlySpan<byte> FieldOf(int item) => _bytes.AsSpan(_items[item].FieldStart, _items[item].FieldLength);

    private int Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)_bytes.Length * 2, (long)_length + bytes.Length), Array.MaxLength));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return _length - bytes.Length;
    }
}
