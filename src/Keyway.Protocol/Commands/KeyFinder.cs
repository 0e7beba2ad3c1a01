using System.Buffers.Text;
using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Finds the keys of a request by the key specifications of its command. Where <see cref="CommandInfo.FirstKey"/> says all, callers
/// need not ask. Keys that SORT makes from the patterns after BY and GET depend on data and are not found.
/// </summary>
public static class KeyFinder
{
    /// <summary>Fills a list with the arguments that are keys, in the order of the specifications.</summary>
    /// <param name="command">The command, or the subcommand.</param>
    /// <param name="frame">The request.</param>
    /// <param name="args">Its arguments; their number must suit <see cref="CommandInfo.AcceptsCount"/>.</param>
    /// <param name="keys">Gets the keys; what it held before is forgotten.</param>
    public static KeyStatus Find(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, KeyList keys)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(keys);
        keys.Clear();
        foreach (KeySpec spec in command.KeySpecs)
        {
            int begin = spec.IsSearchable ? Begin(spec, frame, args) : 0;
            if (begin == 0)
            {
                continue;
            }

            KeyStatus status = spec.Find == KeyFind.Range
                ? AddRange(spec, begin, args.Count, keys)
                : AddCounted(spec, begin, frame, args, keys);
            if (status != KeyStatus.Found)
            {
                keys.Clear();
                return status;
            }
        }

        return keys.Count == 0 ? KeyStatus.NoKeys : KeyStatus.Found;
    }

    /// <summary>The argument where keys begin; 0 if the keyword is not there.</summary>
    private static int Begin(KeySpec spec, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (spec.Begin == KeyBegin.Index)
        {
            return spec.BeginIndex;
        }

        bool backwards = spec.BeginIndex < 0;
        int direction = backwards ? -1 : 1;
        for (int i = backwards ? args.Count + spec.BeginIndex : spec.BeginIndex; i > 0 && i < args.Count; i += direction)
        {
            if (Ascii.EqualsIgnoreCase(args.Get(frame, i), spec.KeywordBytes))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static KeyStatus AddRange(KeySpec spec, int begin, int count, KeyList keys)
    {
        // PFMERGE destination: a run to the end may be empty.
        bool mayBeEmpty = spec is { Begin: KeyBegin.Index, LastKey: < 0 } && begin == count;
        if (begin >= count && !mayBeEmpty)
        {
            return spec.Begin == KeyBegin.Keyword ? KeyStatus.SyntaxError : KeyStatus.WrongNumberOfArguments;
        }

        // With a limit only the first part of what is left holds keys: half of it in XREAD ... STREAMS key key id id.
        int end = spec.LastKey >= 0 ? begin + spec.LastKey + 1
            : spec.Limit > 1 ? begin + ((count - begin) / spec.Limit) + spec.LastKey + 1
            : count + spec.LastKey + 1;

        // MSET k v k: the last group is cut short.
        if (end > count || (spec.LastKey < 0 && (end - begin) % spec.Step != 0))
        {
            return KeyStatus.WrongNumberOfArguments;
        }

        for (int i = begin; i < end; i += spec.Step)
        {
            keys.Add(i);
        }

        return KeyStatus.Found;
    }

    private static KeyStatus AddCounted(KeySpec spec, int begin, ReadOnlySpan<byte> frame, RequestArgs args, KeyList keys)
    {
        int at = begin + spec.CountIndex;
        if (at >= args.Count)
        {
            return KeyStatus.WrongNumberOfArguments;
        }

        ReadOnlySpan<byte> text = args.Get(frame, at);
        if (!Utf8Parser.TryParse(text, out long count, out int consumed) || consumed != text.Length)
        {
            return KeyStatus.CountNotAnInteger;
        }

        if (count < 0)
        {
            return KeyStatus.CountNegative;
        }

        // The whole group of the last key must be there, and a huge count must not overflow.
        int first = begin + spec.FirstKey;
        if (count > (args.Count - first + spec.Step - 1) / spec.Step)
        {
            return KeyStatus.CountTooLarge;
        }

        for (int i = first; count > 0; i += spec.Step, count--)
        {
            keys.Add(i);
        }

        return KeyStatus.Found;
    }
}
