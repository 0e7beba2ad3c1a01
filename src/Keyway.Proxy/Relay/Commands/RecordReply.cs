using Keyway.Net.Buffers;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>The answer to a command that is in a record, or why it is not.</summary>
internal readonly struct RecordReply
{
    private readonly long _number; // -1: OK

    private RecordReply(long number, string? error, string? note)
    {
        _number = number;
        Error = error;
        Note = note;
    }

    /// <summary><c>+OK</c>.</summary>
    internal static RecordReply Ok => new(-1, null, null);

    /// <summary>The id of a stream's new entry, which the time of its record is.</summary>
    internal static RecordReply Id => new(-2, null, null);

    /// <summary>Why the command is refused; its prefix (<c>ERR</c>) included.</summary>
    internal string? Error { get; }

    /// <summary>What is said in place of the answer when the command was in order and changed nothing.</summary>
    private string? Note { get; }

    internal static RecordReply Number(long number) => new(number, null, null);

    internal static RecordReply Refused(string error) => new(-1, error, null);

    internal static RecordReply Unchanged(string note) => new(-1, null, note);

    /// <summary>Writes it.</summary>
    /// <param name="output">Where.</param>
    /// <param name="time">The record's time.</param>
    /// <param name="serial">What distinguishes ids of the same time.</param>
    internal void Write(OutputBuffer output, long time, ref long serial)
    {
        if (Note is not null)
        {
            output.WriteError(Note);
        }
        else if (_number >= 0)
        {
            output.WriteInteger(_number);
        }
        else if (_number == -1)
        {
            output.Write("+OK\r\n"u8);
        }
        else
        {
            Span<byte> id = stackalloc byte[41];
            System.Buffers.Text.Utf8Formatter.TryFormat(time, id, out int length);
            id[length++] = (byte)'-';
            System.Buffers.Text.Utf8Formatter.TryFormat(serial++, id[length..], out int more);
            output.WriteBulk(id[..(length + more)]);
        }
    }
}
