using System.Text;
using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Redis;

/// <summary>
/// Commands by name: the table's, and those that a server told about when a client first used them (modules, newer servers).
/// One for each pool and reactor.
/// </summary>
internal sealed class CommandCatalogue
{
    private const int MostLearnt = 1024; // names come from clients: whoever makes them up must not fill the memory

    private const int LongestName = 128; // bytes: a longer one is nobody's, and is neither asked for nor kept

    private readonly CommandTable _table = CommandTable.BuiltIn;
    private readonly Dictionary<string, CommandInfo?> _learnt = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The command; null when neither the table nor a server knows it. False: nobody has asked the servers yet.</summary>
    internal bool TryFind(ReadOnlySpan<byte> name, out CommandInfo? command)
    {
        if (_table.TryFind(name, out command))
        {
            return true;
        }

        if (name.Length > LongestName)
        {
            return true;
        }

        return _learnt.Count > 0 && _learnt.TryGetValue(Encoding.Latin1.GetString(name), out command);
    }

    /// <summary>Keeps what a server said; null: it does not know the command.</summary>
    internal void Learn(string name, CommandInfo? command)
    {
        if (_learnt.Count >= MostLearnt)
        {
            _learnt.Clear();
        }

        _learnt[name] = command;
    }
}
