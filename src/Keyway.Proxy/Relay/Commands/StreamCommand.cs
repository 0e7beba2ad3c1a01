using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Relay.Records;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>
/// XADD: <c>XADD key [NOMKSTREAM] [MAXLEN|MINID [=|~] threshold [LIMIT count]] * field value [field value ...]</c>. There is no stream to trim, so that
/// trimming is accepted; the id is the record's time, so that one of the client's own is not.
/// </summary>
internal static class StreamCommand
{
    private const string Arguments = "ERR wrong number of arguments for 'xadd' command";

    internal static RecordReply Add(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        int at = 2;
        if (Is(frame, args, at, "NOMKSTREAM"u8))
        {
            return RecordReply.Refused("ERR XADD with NOMKSTREAM cannot be a record: a relay does not know which streams there are");
        }

        if (Is(frame, args, at, "MAXLEN"u8) || Is(frame, args, at, "MINID"u8))
        {
            at++;
            at += Is(frame, args, at, "="u8) || Is(frame, args, at, "~"u8) ? 2 : 1;
            at += Is(frame, args, at, "LIMIT"u8) ? 2 : 0;
        }

        if (args.Count < at + 3 || (args.Count - at) % 2 == 0)
        {
            return RecordReply.Refused(Arguments);
        }

        if (!args.Get(frame, at).SequenceEqual("*"u8))
        {
            return RecordReply.Refused("ERR XADD takes * as the id here: the time of its record");
        }

        if (!draft.TryBeginKey(args.Get(frame, 1), FieldShape.Entries, out _))
        {
            return RecordReply.Refused(RecordCommands.WrongType);
        }

        for (int i = at + 1; i < args.Count; i += 2)
        {
            draft.Add(args.Get(frame, i), args.Get(frame, i + 1), FieldShape.Entries, isCompressed: false);
        }

        return RecordReply.Id;
    }

    private static bool Is(ReadOnlySpan<byte> frame, RequestArgs args, int index, ReadOnlySpan<byte> word) =>
        index < args.Count && Ascii.EqualsIgnoreCase(args.Get(frame, index), word);
}
