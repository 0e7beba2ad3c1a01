namespace Keyway.Protocol.Commands;

/// <summary>What a server says about a command: a line of redis-commands.tsv, or an element of its COMMAND reply.</summary>
/// <param name="Name">Lower case, container|subcommand.</param>
/// <param name="Arity">Arguments with the name; negative: at least so many.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="FirstKey">First key of the range that older clients know; 0 if none.</param>
/// <param name="LastKey">Last key of it; negative ones count from the end.</param>
/// <param name="KeyStep">Distance between keys of it.</param>
/// <param name="KeySpecs">Key specifications; empty from servers before 7.0.</param>
/// <param name="Categories">Categories of its access control lists; from servers before 6.0 those that follow from the flags.</param>
internal sealed record ServerCommand(
    string Name, int Arity, CommandFlags Flags, int FirstKey, int LastKey, int KeyStep, KeySpec[] KeySpecs, CommandCategories Categories)
{
    /// <summary>True if the range finds all keys and nothing else, and ends within the arguments that every request has.</summary>
    public bool HasPlainRange =>
        FirstKey > 0 && KeyStep > 0 && LastKey < Math.Abs(Arity) && (Flags & CommandFlags.MovableKeys) == CommandFlags.None
        && (KeySpecs.Length == 0 || KeySpecs[0].IsSearchable);

    /// <summary>The specifications, made from the range where an old server gave none.</summary>
    public KeySpec[] SpecsOrRange => KeySpecs.Length > 0 || !HasPlainRange
        ? KeySpecs
        :
        [
            new KeySpec
            {
                Begin = KeyBegin.Index,
                BeginIndex = FirstKey,
                Find = KeyFind.Range,
                LastKey = LastKey < 0 ? LastKey : LastKey - FirstKey,
                Step = KeyStep,
            },
        ];
}
