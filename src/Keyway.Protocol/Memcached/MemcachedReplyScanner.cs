using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Memcached;

/// <summary>
/// Finds the end of a server's reply. Lines are only taken whole, data in any pieces. What cannot be the answer to the request is an error:
/// the connection has lost its step, and nothing that comes over it can be trusted. The default value is ready for use.
/// </summary>
public struct MemcachedReplyScanner
{
    /// <summary>Longest line of a reply in bytes.</summary>
    public const int MaxLine = 64 * 1024;

    private long _dataLeft; // of the block that has begun, its CRLF included
    private int _searched; // bytes of the unfinished line that have no end in them
    private bool _isMid;
    private bool _isOneBlock;
    private bool _isAfterError;

    /// <summary>True when a part of a reply has come, and not its last.</summary>
    public readonly bool IsMidReply => _isMid || _searched > 0;

    /// <summary>
    /// To be asked where a reply may begin: bytes of a blank line behind an error, which some versions send and which is no reply. -1: more bytes
    /// will tell.
    /// </summary>
    public readonly int StrayLine(ReadOnlySpan<byte> bytes)
    {
        if (!_isAfterError || _isMid || bytes.IsEmpty || bytes[0] != '\r')
        {
            return 0;
        }

        return bytes.Length == 1 ? -1 : bytes[1] == '\n' ? 2 : 0;
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What has come, from where the last call stopped.</param>
    /// <param name="kind">What the reply must be.</param>
    /// <param name="consumed">How much of it belongs to the reply; an unfinished line behind it is to be offered again, with more.</param>
    public ScanStatus Scan(ReadOnlySpan<byte> bytes, MemcachedReplyKind kind, out int consumed)
    {
        consumed = 0;
        _isAfterError &= _isMid;
        while (true)
        {
            if (_dataLeft > 0)
            {
                if (!PassData(bytes, ref consumed))
                {
                    return ScanStatus.Error;
                }

                if (_dataLeft > 0)
                {
                    return ScanStatus.NeedMore;
                }

                if (_isOneBlock)
                {
                    return End();
                }
            }

            ReadOnlySpan<byte> rest = bytes[consumed..];
            int end = rest[_searched..].IndexOf((byte)'\n');
            if (end < 0)
            {
                _searched = rest.Length;
                return rest.Length > MaxLine ? ScanStatus.Error : ScanStatus.NeedMore;
            }

            end += _searched;
            _searched = 0;
            if (end == 0 || rest[end - 1] != '\r')
            {
                return ScanStatus.Error;
            }

            consumed += end + 1;
            ScanStatus status = OnLine(rest[..(end - 1)], kind);
            if (status == ScanStatus.Error)
            {
                return status;
            }

            if (status == ScanStatus.Complete)
            {
                return End();
            }

            _isMid = true;
        }
    }

    private ScanStatus End()
    {
        _isMid = false;
        _isOneBlock = false;
        return ScanStatus.Complete;
    }

    private ScanStatus OnLine(ReadOnlySpan<byte> line, MemcachedReplyKind kind)
    {
        if (MemcachedReplies.IsError(line))
        {
            _isAfterError = true;
            return kind == MemcachedReplyKind.UntilNoOp ? ScanStatus.NeedMore : ScanStatus.Complete;
        }

        switch (kind)
        {
            case MemcachedReplyKind.Values:
                return line.SequenceEqual("END"u8) ? ScanStatus.Complete : BeginValue(line);
            case MemcachedReplyKind.Stats:
                return OnStatsLine(line);
            case MemcachedReplyKind.Line:
                return MemcachedReplies.IsOneLine(line) ? ScanStatus.Complete : ScanStatus.Error;
            default:
                return OnMetaLine(line, kind == MemcachedReplyKind.UntilNoOp);
        }
    }

    private ScanStatus BeginValue(ReadOnlySpan<byte> line) =>
        MemcachedReplies.TryReadValueLine(line, out _, out int length) ? BeginData(length) : ScanStatus.Error;

    private ScanStatus BeginData(int length)
    {
        _dataLeft = length + 2L;
        return ScanStatus.NeedMore;
    }

    private ScanStatus OnMetaLine(ReadOnlySpan<byte> line, bool isUntilNoOp)
    {
        if (line.StartsWith("VA "u8))
        {
            _isOneBlock = !isUntilNoOp;
            return MemcachedReplies.TryReadLength(line["VA "u8.Length..], out int length) ? BeginData(length) : ScanStatus.Error;
        }

        bool isCode = line.Length >= 2 && char.IsAsciiLetterUpper((char)line[0]) && char.IsAsciiLetterUpper((char)line[1]) && (line.Length == 2 || line[2] == ' ');
        if (!isCode)
        {
            return ScanStatus.Error;
        }

        return isUntilNoOp && !line.SequenceEqual("MN"u8) ? ScanStatus.NeedMore : ScanStatus.Complete;
    }

    private readonly ScanStatus OnStatsLine(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("END"u8))
        {
            return ScanStatus.Complete;
        }

        if (line.StartsWith("STAT "u8) || line.StartsWith("ITEM "u8) || line.StartsWith("PREFIX "u8))
        {
            return ScanStatus.NeedMore;
        }

        return !_isMid && MemcachedReplies.IsOneLine(line) ? ScanStatus.Complete : ScanStatus.Error;
    }

    /// <summary>Goes through the data; false when it does not end with CRLF.</summary>
    private bool PassData(ReadOnlySpan<byte> bytes, ref int consumed)
    {
        int count = (int)Math.Min(_dataLeft, bytes.Length - consumed);
        long left = _dataLeft - count;
        ReadOnlySpan<byte> end = bytes.Slice(consumed, count);

        // The last two bytes can come in one piece or in two.
        if (left == 0 && count > 0 && end[^1] != '\n')
        {
            return false;
        }

        if (left <= 1 && _dataLeft >= 2 && end[^(int)(2 - left)] != '\r')
        {
            return false;
        }

        consumed += count;
        _dataLeft = left;
        return true;
    }
}
