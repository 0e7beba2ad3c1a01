using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Which writes can be answered before they are delivered, and how: the lines of early-writes.tsv. What it lets through no server refuses for its
/// syntax; whether the key has the right type, only the server knows.
/// </summary>
public static class EarlyWrites
{
    private const string Table = "early-writes.tsv";

    // Servers add these to the time of day in milliseconds: within these bounds nothing overflows.
    private const long MostSeconds = 1_000_000_000_000;
    private const long MostMilliseconds = 1_000_000_000_000_000;

    private static readonly Dictionary<string, (string Reply, EarlyShape Shape)> Rows = Read();

    /// <summary>The commands that are answered early unless a pool says otherwise, with their replies (<c>+OK</c>, <c>:1</c>).</summary>
    public static IEnumerable<KeyValuePair<string, string>> Defaults =>
        Rows.Where(static row => row.Value.Reply is not "-").Select(static row => KeyValuePair.Create(row.Key, row.Value.Reply));

    /// <summary>True if this request may be answered before its server has seen it.</summary>
    public static bool IsSound(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(args);
        EarlyShape shape = command.EarlyShape;
        int count = args.Count;
        return command.AcceptsCount(count) && shape switch
        {
            EarlyShape.SetOptions => count == 3 || HasSetOption(frame, args),
            EarlyShape.PositiveSeconds => IsWithin(args.Get(frame, 2), 1, MostSeconds),
            EarlyShape.PositiveMilliseconds => IsWithin(args.Get(frame, 2), 1, MostMilliseconds),
            EarlyShape.Seconds => count == 3 && IsWithin(args.Get(frame, 2), -MostSeconds, MostSeconds),
            EarlyShape.Milliseconds => count == 3 && IsWithin(args.Get(frame, 2), -MostMilliseconds, MostMilliseconds),
            EarlyShape.Pairs => count % 2 == 1,
            EarlyShape.Fields => count % 2 == 0,
            EarlyShape.Scores => count % 2 == 0 && HasScores(frame, args),
            _ => true,
        };
    }

    /// <summary>The shape of a command's requests.</summary>
    internal static EarlyShape ShapeOf(string name) => Rows.TryGetValue(name, out (string Reply, EarlyShape Shape) row) ? row.Shape : EarlyShape.Any;

    private static bool HasSetOption(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ReadOnlySpan<byte> option = args.Get(frame, 3);
        return args.Count switch
        {
            4 => Ascii.EqualsIgnoreCase(option, "KEEPTTL"u8),
            5 when Ascii.EqualsIgnoreCase(option, "EX"u8) || Ascii.EqualsIgnoreCase(option, "EXAT"u8) => IsWithin(args.Get(frame, 4), 1, MostSeconds),
            5 when Ascii.EqualsIgnoreCase(option, "PX"u8) || Ascii.EqualsIgnoreCase(option, "PXAT"u8) => IsWithin(args.Get(frame, 4), 1, MostMilliseconds),
            _ => false,
        };
    }

    private static bool HasScores(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        for (int i = 2; i < args.Count; i += 2)
        {
            if (!IsPlainNumber(args.Get(frame, i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A decimal integer as servers read them: no plus, no leading zero, no blank.</summary>
    private static bool IsWithin(ReadOnlySpan<byte> text, long least, long most)
    {
        bool isNegative = text.Length > 1 && text[0] == '-';
        ReadOnlySpan<byte> digits = isNegative ? text[1..] : text;
        if (digits.Length is 0 or > 16 || (digits[0] == '0' && (isNegative || digits.Length > 1)))
        {
            return false;
        }

        long value = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        value = isNegative ? -value : value;
        return value >= least && value <= most;
    }

    /// <summary>Digits with at most one point between them, behind an optional minus: a part of what servers take for a number.</summary>
    private static bool IsPlainNumber(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> digits = text.Length > 1 && text[0] == '-' ? text[1..] : text;
        int point = digits.IndexOf((byte)'.');
        return digits.Length <= 64 && (point < 0 ? AreDigits(digits) : AreDigits(digits[..point]) && AreDigits(digits[(point + 1)..]));
    }

    private static bool AreDigits(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static Dictionary<string, (string Reply, EarlyShape Shape)> Read()
    {
        Dictionary<string, (string Reply, EarlyShape Shape)> rows = new(StringComparer.Ordinal);
        foreach (string[] row in CommandTables.Rows(Table))
        {
            rows.Add(row[0], (row[1], ParseShape(row[2])));
        }

        return rows;
    }

    private static EarlyShape ParseShape(string word) => word switch
    {
        "any" => EarlyShape.Any,
        "set" => EarlyShape.SetOptions,
        "seconds+" => EarlyShape.PositiveSeconds,
        "milliseconds+" => EarlyShape.PositiveMilliseconds,
        "seconds" => EarlyShape.Seconds,
        "milliseconds" => EarlyShape.Milliseconds,
        "pairs" => EarlyShape.Pairs,
        "fields" => EarlyShape.Fields,
        "scores" => EarlyShape.Scores,
        _ => throw new FormatException($"'{word}' is no shape of arguments."),
    };
}
