namespace Keyway.Server.CommandLine;

/// <summary>A command whose help shows examples.</summary>
internal interface IHasExamples
{
    /// <summary>Lines indented by two blanks.</summary>
    string Examples { get; }
}
