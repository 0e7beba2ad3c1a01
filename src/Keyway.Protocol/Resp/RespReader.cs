namespace Keyway.Protocol.Resp;

/// <summary>
/// Reads the values of one complete frame, parents before children, without allocating. For code off the hot path.
/// Attributes are passed over.
/// </summary>
/// <param name="frame">What <see cref="RespFrameScanner"/> found to be one frame.</param>
public ref struct RespReader(ReadOnlySpan<byte> frame)
{
    private ReadOnlySpan<byte> _rest = frame;

    /// <summary>Type of the current value.</summary>
    public RespType Type { get; private set; }

    /// <summary>The bytes of a scalar, without type, length and CRLF; empty for an aggregate or a null.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Values directly inside an aggregate, two for each pair of a map; 0 for a scalar or a null.</summary>
    public long ChildCount { get; private set; }

    /// <summary>True for <c>$-1</c>, <c>*-1</c> and <c>_</c>.</summary>
    public bool IsNull { get; private set; }

    /// <summary>True for an error of either form.</summary>
    public readonly bool IsError => Type is RespType.SimpleError or RespType.BulkError;

    /// <summary>True for an array, map, set or push, also if it is a null array.</summary>
    public readonly bool IsAggregate => Type is RespType.Array or RespType.Map or RespType.Set or RespType.Push;

    /// <summary>Bytes of the frame that were not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Goes to the next value in the order of the bytes; false at the end, or where the bytes are no frame.</summary>
    public bool TryReadNext()
    {
        while (ReadOne())
        {
            if (Type != RespType.Attribute)
            {
                return true;
            }

            SkipChildren();
        }

        return false;
    }

    /// <summary>Passes over what is inside the current value; nothing for a scalar.</summary>
    public void SkipChildren()
    {
        long left = ChildCount;
        while (left > 0 && ReadOne())
        {
            // Deep structures need no stack: what is inside a child comes before what is behind it.
            left += ChildCount - (Type == RespType.Attribute ? 0 : 1);
        }
    }

    /// <summary>The current scalar as a whole number.</summary>
    public readonly bool TryGetInt64(out long value) => RespLength.TryParse(Bytes, out value);

    private bool ReadOne()
    {
        ReadOnlySpan<byte> rest = _rest;
        int end = rest.IndexOf("\r\n"u8);
        Type = RespType.None;
        Bytes = default;
        ChildCount = 0;
        IsNull = false;
        if (end < 1)
        {
            return false;
        }

        Type = (RespType)rest[0];
        ReadOnlySpan<byte> line = rest[1..end];
        _rest = rest[(end + 2)..];
        switch (Type)
        {
            case RespType.BulkString or RespType.BulkError or RespType.VerbatimString:
                return ReadBulk(line);
            case RespType.Array or RespType.Set or RespType.Push or RespType.Map or RespType.Attribute:
                return ReadAggregate(line);
            case RespType.Null:
                IsNull = true;
                return true;
            default:
                Bytes = line;
                return true;
        }
    }

    private bool ReadBulk(ReadOnlySpan<byte> line)
    {
        if (!RespLength.TryParse(line, out long length) || (length >= 0 && length > _rest.Length - 2))
        {
            return false;
        }

        IsNull = length < 0;
        if (!IsNull)
        {
            Bytes = _rest[..(int)length];
            _rest = _rest[((int)length + 2)..];
        }

        return true;
    }

    private bool ReadAggregate(ReadOnlySpan<byte> line)
    {
        if (!RespLength.TryParse(line, out long count) || count > int.MaxValue)
        {
            return false;
        }

        IsNull = count < 0;
        bool pairs = Type is RespType.Map or RespType.Attribute;
        ChildCount = IsNull ? 0 : pairs ? count * 2 : count;
        return true;
    }
}
