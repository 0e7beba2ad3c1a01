namespace Keyway.Proxy.Memory;

/// <summary>One row of the command table: what Redis's <c>COMMAND INFO</c> says of the command, and what does it here.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Arity">Number of arguments with the name; negative: at least so many.</param>
/// <param name="Flags">Redis's flags.</param>
/// <param name="FirstKey">Index of the first key, 0 for none.</param>
/// <param name="LastKey">Index of the last key, negative from the end.</param>
/// <param name="KeyStep">Distance of the keys.</param>
/// <param name="Handler">Does it.</param>
internal sealed record MemoryCommand(string Name, int Arity, string Flags, int FirstKey, int LastKey, int KeyStep, MemoryHandler Handler)
{
    public bool Takes(int args) => Arity >= 0 ? args == Arity : args >= -Arity;
}
