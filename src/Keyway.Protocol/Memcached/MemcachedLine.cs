using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Memcached;

/// <summary>Reads one command line, and finds what memcached 1.6.18 would say against it, in its order.</summary>
internal static class MemcachedLine
{
    /// <summary>Reads the line, its LF included.</summary>
    internal static void Read(ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        request.Clear();
        int whole = line.Length;
        line = WithoutEnd(line, out bool isPlain);
        request.LineLength = line.Length;
        request.DataStart = whole;
        request.IsPlain = isPlain && whole - 1 <= MemcachedRequestScanner.MaxLine;
        Split(line, request.Words);
        RequestArgs words = request.Words;
        MemcachedCommand? command = words.Count == 0 ? null : MemcachedCommandTable.Find(words.Get(line, 0));
        request.Command = command;
        if (command is null || words.Count < command.LeastTokens || words.Count > command.MostTokens)
        {
            bool isHttp = command is null && words.Count > 0 && words.Get(line, words.Count - 1).StartsWith("HTTP/"u8);
            request.Error = isHttp ? MemcachedError.Http : MemcachedError.Syntax;
            return;
        }

        if (command.Action == MemcachedAction.Get)
        {
            request.Error = CheckKeys(request.Words, 1);
            return;
        }

        // What stands behind delete is a key, whatever it says.
        if (command.HasNoReply && (words.Count > 2 || command.Action != MemcachedAction.Delete) && words.Get(line, words.Count - 1).SequenceEqual("noreply"u8))
        {
            request.IsSilent = true;
            request.IsPlain = false;
        }

        request.Error = Check(line, request, command);
    }

    private static MemcachedError Check(ReadOnlySpan<byte> line, MemcachedRequest request, MemcachedCommand command)
    {
        switch (command.Action)
        {
            case MemcachedAction.Store:
                return CheckStore(line, request);
            case MemcachedAction.GetAndTouch:
                return CheckGetAndTouch(line, request);
            case MemcachedAction.Delete:
                return CheckDelete(line, request);
            case MemcachedAction.Arithmetic:
                return CheckArithmetic(line, request);
            case MemcachedAction.Touch:
                request.IsPlain &= request.Words.Count == 3;
                return IsKeyTooLong(request) ? MemcachedError.BadLine : CheckExptime(line, request, 2);
            case MemcachedAction.FlushAll:
                return request.Words.Count > (request.IsSilent ? 2 : 1) ? CheckExptime(line, request, 1) : MemcachedError.None;
            case MemcachedAction.Verbosity:
                return MemcachedNumber.TryReadUnsigned(request.Words.Get(line, 1), out _) ? MemcachedError.None : MemcachedError.BadLine;
            default:
                return command.IsMeta ? MemcachedMetaLine.Check(line, request) : MemcachedError.None;
        }
    }

    private static MemcachedError CheckStore(ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        RequestArgs words = request.Words;
        ReadOnlySpan<byte> flags = words.Get(line, 2);
        ReadOnlySpan<byte> exptime = words.Get(line, 3);
        ReadOnlySpan<byte> bytes = words.Get(line, 4);
        if (IsKeyTooLong(request)
            || !MemcachedNumber.TryReadUnsigned(flags, out ulong flagsValue)
            || !MemcachedNumber.TryReadSigned(exptime, out long exptimeValue)
            || !TryReadLength(bytes, request))
        {
            return MemcachedError.BadLine;
        }

        request.ItemFlags = (uint)flagsValue;
        request.Exptime = (int)exptimeValue;
        bool isCas = request.Command!.LeastTokens == 6;
        if (isCas)
        {
            if (!MemcachedNumber.TryReadUnsigned(words.Get(line, 5), out ulong unique))
            {
                return MemcachedError.BadLine;
            }

            request.Number = unique;
        }

        request.IsPlain &= words.Count == request.Command.LeastTokens
            && MemcachedNumber.IsPlain(flags) && flagsValue <= uint.MaxValue
            && MemcachedNumber.IsPlain(exptime) && exptimeValue <= int.MaxValue
            && MemcachedNumber.IsPlain(bytes)
            && (!isCas || !words.Get(line, 5).ContainsAnyExceptInRange((byte)'0', (byte)'9'));
        return MemcachedError.None;
    }

    private static MemcachedError CheckGetAndTouch(ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        MemcachedError error = CheckExptime(line, request, 1);
        return error == MemcachedError.None ? CheckKeys(request.Words, 2) : error;
    }

    private static MemcachedError CheckDelete(ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        RequestArgs words = request.Words;
        if (words.Count > 2)
        {
            request.IsPlain = false;
            bool isZero = words.Get(line, 2).SequenceEqual("0"u8);
            bool isValid = words.Count == 3 ? isZero || request.IsSilent : isZero && request.IsSilent;
            if (!isValid)
            {
                return MemcachedError.BadDelete;
            }
        }

        return IsKeyTooLong(request) ? MemcachedError.BadLine : MemcachedError.None;
    }

    private static MemcachedError CheckArithmetic(ReadOnlySpan<byte> line, MemcachedRequest request)
    {
        ReadOnlySpan<byte> delta = request.Words.Get(line, 2);
        if (IsKeyTooLong(request))
        {
            return MemcachedError.BadLine;
        }

        if (!MemcachedNumber.TryReadUnsigned(delta, out ulong value))
        {
            return MemcachedError.BadDelta;
        }

        request.Number = value;
        request.IsPlain &= request.Words.Count == 3 && !delta.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        return MemcachedError.None;
    }

    private static MemcachedError CheckExptime(ReadOnlySpan<byte> line, MemcachedRequest request, int word)
    {
        ReadOnlySpan<byte> exptime = request.Words.Get(line, word);
        if (!MemcachedNumber.TryReadSigned(exptime, out long value))
        {
            return MemcachedError.BadExptime;
        }

        request.Exptime = (int)value;
        request.IsPlain &= MemcachedNumber.IsPlain(exptime) && value <= int.MaxValue;
        return MemcachedError.None;
    }

    /// <summary>The length of a data block.</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> word, MemcachedRequest request)
    {
        // Above 32 bits memcached 1.6.18 goes by the low ones; others refuse. What is understood in two ways is refused here.
        if (!MemcachedNumber.TryReadSigned(word, out long value) || value is < 0 or > int.MaxValue - 2)
        {
            return false;
        }

        request.DataLength = value;
        return true;
    }

    private static MemcachedError CheckKeys(RequestArgs words, int first)
    {
        for (int i = first; i < words.Count; i++)
        {
            if (words.Length(i) > MemcachedKey.MaxLength)
            {
                return MemcachedError.BadLine;
            }
        }

        return MemcachedError.None;
    }

    /// <summary>True when the first key is longer than memcached takes.</summary>
    internal static bool IsKeyTooLong(MemcachedRequest request) => request.Words.Length(1) > MemcachedKey.MaxLength;

    /// <summary>The line without LF and one CR. It ends at a zero byte too, as C has it; then it is not plain.</summary>
    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line, out bool isPlain)
    {
        isPlain = line.Length > 2 && line[^2] == '\r';
        line = line[..^(isPlain ? 2 : 1)];
        int zero = line.IndexOf((byte)0);
        if (zero >= 0)
        {
            isPlain = false;
            line = line[..zero];
        }

        return line;
    }

    /// <summary>The words of a line, between blanks.</summary>
    internal static void Split(ReadOnlySpan<byte> line, RequestArgs words)
    {
        int at = 0;
        while (at < line.Length)
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            int length = line[at..].IndexOf((byte)' ');
            if (length < 0)
            {
                length = line.Length - at;
            }

            words.Add(at, length);
            at += length + 1;
        }
    }
}
