using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Relay.Records;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>The commands that make records, but for XADD.</summary>
internal static class RecordCommands
{
    internal const string WrongType = "WRONGTYPE the key is already something else in this transaction";

    private const string SyntaxError = "ERR syntax error";
    private const string NotAnInteger = "ERR value is not an integer or out of range";

    internal static RecordReply Set(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) =>
        OptionsError(frame, args) is { } error ? RecordReply.Refused(error) : Set(draft, frame, args, 2, isCompressed: false);

    /// <summary>SETEX and PSETEX, which some libraries send for a SET with a time.</summary>
    internal static RecordReply SetWithExpiry(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) =>
        TimeError(args.Get(frame, 2)) is { } error ? RecordReply.Refused(error) : Set(draft, frame, args, 3, isCompressed: false);

    internal static RecordReply SetCompressed(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) => Set(draft, frame, args, 2, isCompressed: true);

    internal static RecordReply Add(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) => Add(draft, frame, args, isCompressed: false);

    internal static RecordReply AddCompressed(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) => Add(draft, frame, args, isCompressed: true);

    internal static RecordReply SetFields(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) =>
        SetFields(draft, frame, args, "hset", RecordReply.Number((args.Count - 2) / 2), isCompressed: false);

    internal static RecordReply SetFieldsOk(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) =>
        SetFields(draft, frame, args, "hmset", RecordReply.Ok, isCompressed: false);

    internal static RecordReply SetFieldsCompressed(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) =>
        SetFields(draft, frame, args, "chmset", RecordReply.Ok, isCompressed: true);

    /// <summary>The one who hears it is the relay.</summary>
    internal static RecordReply Publish(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args) => Add(draft, frame, args, isCompressed: false);

    private static RecordReply Set(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args, int value, bool isCompressed)
    {
        if (!draft.TryBeginKey(args.Get(frame, 1), FieldShape.Text, out bool isNew))
        {
            return RecordReply.Refused(WrongType);
        }

        if (!isNew)
        {
            return RecordReply.Unchanged("ERR the key is set already in this transaction, and the first value stays");
        }

        draft.Add(args.Get(frame, value), FieldShape.Text, isCompressed);
        return RecordReply.Ok;
    }

    private static RecordReply Add(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args, bool isCompressed)
    {
        if (!draft.TryBeginKey(args.Get(frame, 1), FieldShape.List, out _))
        {
            return RecordReply.Refused(WrongType);
        }

        for (int i = 2; i < args.Count; i++)
        {
            draft.Add(args.Get(frame, i), FieldShape.List, isCompressed);
        }

        return RecordReply.Number(args.Count - 2);
    }

    private static RecordReply SetFields(
        RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args, string name, RecordReply reply, bool isCompressed)
    {
        if (args.Count % 2 != 0)
        {
            return RecordReply.Refused($"ERR wrong number of arguments for '{name}' command");
        }

        if (!draft.TryBeginKey(args.Get(frame, 1), FieldShape.Map, out _))
        {
            return RecordReply.Refused(WrongType);
        }

        for (int i = 2; i < args.Count; i += 2)
        {
            draft.Add(args.Get(frame, i), args.Get(frame, i + 1), FieldShape.Map, isCompressed);
        }

        return reply;
    }

    /// <summary>Of SET's options those about expiry are accepted, and mean nothing; the others ask about a value that nobody has.</summary>
    private static string? OptionsError(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        bool hasExpiry = false;
        for (int i = 3; i < args.Count; i++)
        {
            ReadOnlySpan<byte> option = args.Get(frame, i);
            if (Is(option, "NX"u8) || Is(option, "XX"u8) || Is(option, "GET"u8))
            {
                return $"ERR SET with {Encoding.ASCII.GetString(option).ToUpperInvariant()} cannot be a record: a relay keeps no values";
            }

            bool keeps = Is(option, "KEEPTTL"u8);
            bool takesTime = Is(option, "EX"u8) || Is(option, "PX"u8) || Is(option, "EXAT"u8) || Is(option, "PXAT"u8);
            if (hasExpiry || !(keeps || (takesTime && i + 1 < args.Count)))
            {
                return SyntaxError;
            }

            hasExpiry = true;
            if (takesTime && TimeError(args.Get(frame, ++i)) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static string? TimeError(ReadOnlySpan<byte> text) =>
        !RespLength.TryParse(text, out long time) ? NotAnInteger : time <= 0 ? "ERR invalid expire time" : null;

    private static bool Is(ReadOnlySpan<byte> option, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(option, name);
}
