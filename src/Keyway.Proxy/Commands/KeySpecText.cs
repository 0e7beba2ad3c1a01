using System.Globalization;
using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Commands;

/// <summary>Key specifications in words for operators.</summary>
internal static class KeySpecText
{
    /// <summary>Where the keys of a command are: "argument 1", "arguments 1 to the last".</summary>
    public static string Of(CommandInfo command)
    {
        List<string> parts = [];
        foreach (KeySpec spec in command.KeySpecs)
        {
            if (spec.IsSearchable)
            {
                parts.Add(Of(spec));
            }
        }

        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }

    private static string Of(KeySpec spec)
    {
        string begin = spec.Begin == KeyBegin.Keyword ? $"after {spec.Keyword}" : Number(spec.BeginIndex);
        string step = spec.Step == 1 ? "" : ", every " + (spec.Step == 2 ? "second" : $"{Number(spec.Step)}th");
        return spec switch
        {
            { Find: KeyFind.KeyCount } => $"as many after argument {Number(spec.BeginIndex + spec.CountIndex)} as it says{step}",
            { Begin: KeyBegin.Keyword, Limit: > 1 } => $"the first {(spec.Limit == 2 ? "half" : "part")} of what comes {begin}",
            { Begin: KeyBegin.Keyword, LastKey: 0 } => $"the argument {begin}",
            { Begin: KeyBegin.Keyword } => $"what comes {begin}{step}",
            { LastKey: 0 } => $"argument {begin}",
            { LastKey: > 0 } => $"arguments {begin} to {Number(spec.BeginIndex + spec.LastKey)}{step}",
            { LastKey: -1 } => $"arguments {begin} to the last{step}",
            _ => $"arguments {begin} to the last but {Number(-spec.LastKey - 1)}{step}",
        };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
