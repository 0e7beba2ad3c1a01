namespace Keyway.Protocol.Commands;

/// <summary>
/// How the replies of several servers become one. An error of any of them is the reply, except for <see cref="AnyOne"/>.
/// </summary>
public enum CommandMerge : byte
{
    /// <summary>The command is never answered by several servers.</summary>
    None,

    /// <summary>All said OK, and so does the merged reply.</summary>
    Ok,

    /// <summary>The replies are alike: the first stands for all.</summary>
    First,

    /// <summary>Integers are added up.</summary>
    Sum,

    /// <summary>The least of the integers.</summary>
    Min,

    /// <summary>Arrays of 0 and 1: 1 where all servers say 1.</summary>
    And,

    /// <summary>Arrays, one behind the other.</summary>
    Concat,

    /// <summary>Arrays with an element for each key: each goes to the place that its key has in the request.</summary>
    Keys,

    /// <summary>The text of INFO, section by section.</summary>
    Info,

    /// <summary>One that is not nil, chosen at random; nil if all are.</summary>
    Random,

    /// <summary>The first that is not an error, otherwise the first error.</summary>
    AnyOne,
}
