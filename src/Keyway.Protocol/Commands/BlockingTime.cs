using System.Buffers.Text;
using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Whether and how long a request may wait on its connection: an argument says it (BLPOP), or one behind an option (BLOCK of XREAD and XREADGROUP).
/// </summary>
public sealed class BlockingTime
{
    private const double MostMilliseconds = 1e15; // beyond, it is as good as for ever

    private readonly int _argument;
    private readonly int _millisecondsPerUnit;
    private readonly byte[] _option;
    private readonly byte[] _stop;

    private BlockingTime(int argument, int millisecondsPerUnit, string option, string stop)
    {
        _argument = argument;
        _millisecondsPerUnit = millisecondsPerUnit;
        _option = Encoding.ASCII.GetBytes(option);
        _stop = Encoding.ASCII.GetBytes(stop);
    }

    /// <summary>True if only requests with an option wait.</summary>
    public bool IsOptional => _option.Length > 0;

    /// <summary>An argument is the time.</summary>
    /// <param name="argument">Its index; negative ones count from the end, -1 is the last.</param>
    /// <param name="millisecondsPerUnit">1000 if it counts seconds.</param>
    public static BlockingTime At(int argument, int millisecondsPerUnit) => new(argument, millisecondsPerUnit, "", "");

    /// <summary>Milliseconds follow an option.</summary>
    /// <param name="option">The option, upper case.</param>
    /// <param name="from">The first argument that can be the option.</param>
    /// <param name="stop">The word, upper case, behind which it is no longer an option but data.</param>
    public static BlockingTime Behind(string option, int from, string stop) => new(from, 1, option, stop);

    /// <summary>True if a request may wait.</summary>
    public bool IsGiven(ReadOnlySpan<byte> frame, RequestArgs args) => !IsOptional || OptionOf(frame, args) >= 0;

    /// <summary>The longest wait of a request in milliseconds; 0 for ever, also when the argument is no time, which its server will say at once.</summary>
    public long Milliseconds(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        int at = IsOptional ? OptionOf(frame, args) + 1 : _argument < 0 ? args.Count + _argument : _argument;
        if (at <= 0 || at >= args.Count)
        {
            return 0;
        }

        ReadOnlySpan<byte> text = args.Get(frame, at);
        bool isNumber = Utf8Parser.TryParse(text, out double time, out int consumed) && consumed == text.Length;
        time *= _millisecondsPerUnit;
        return isNumber && time is > 0 and < MostMilliseconds ? (long)Math.Ceiling(time) : 0;
    }

    /// <summary>The argument that is the option, or -1.</summary>
    private int OptionOf(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        for (int i = _argument; i < args.Count; i++)
        {
            ReadOnlySpan<byte> arg = args.Get(frame, i);
            if (Ascii.EqualsIgnoreCase(arg, _option))
            {
                return i;
            }

            if (Ascii.EqualsIgnoreCase(arg, _stop))
            {
                return -1;
            }
        }

        return -1;
    }
}
