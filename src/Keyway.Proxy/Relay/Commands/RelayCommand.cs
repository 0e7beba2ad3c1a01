namespace Keyway.Proxy.Relay.Commands;

/// <summary>One row of the table of what a relay understands.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Arity">Number of arguments with the name; negative: at least so many.</param>
/// <param name="Flags">Redis's flags, between blanks, for COMMAND.</param>
/// <param name="FirstKey">Index of the key, 0 for none.</param>
/// <param name="Handler">Answers it; null where <paramref name="Maker"/> does.</param>
/// <param name="Maker">Puts it into a record.</param>
/// <param name="InTransaction">It means something between MULTI and EXEC although it makes no record.</param>
internal sealed record RelayCommand(string Name, int Arity, string Flags, int FirstKey, RelayHandler? Handler, RecordMaker? Maker = null, bool InTransaction = false)
{
    /// <summary>True for what a client may say before it has given the password.</summary>
    internal bool IsForAnybody { get; } = Flags.Split(' ').Contains("no_auth");

    internal bool Takes(int args) => Arity >= 0 ? args == Arity : args >= -Arity;
}
