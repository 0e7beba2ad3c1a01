using System.Numerics;
using System.Text;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Finds commands by name, on the path of every request: open addressing over names packed into three upper-case words, so that a
/// look-up is a multiplication and three comparisons.
/// </summary>
internal sealed class CommandNames
{
    // Four slots a name keep nearly every look-up at its first slot; the whole table takes 40 KiB at most.
    private const int SlotsPerName = 4;

    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <summary>Makes the table of some commands, each under its last word.</summary>
    public CommandNames(ReadOnlySpan<CommandInfo> commands)
    {
        uint size = BitOperations.RoundUpToPowerOf2((uint)(Math.Max(commands.Length, 1) * SlotsPerName));
        _slots = new Slot[size];
        _shift = 64 - BitOperations.Log2(size);
        foreach (CommandInfo command in commands)
        {
            Add(command);
        }
    }

    /// <summary>The command of a name in any case; null if there is none.</summary>
    public CommandInfo? Find(ReadOnlySpan<byte> name)
    {
        if (!PackedName.TryPack(name, out PackedName packed))
        {
            return null;
        }

        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        for (int i = (int)(packed.Hash >> _shift); ; i++)
        {
            ref readonly Slot slot = ref slots[i & mask];
            if (slot.Command is null || slot.Name == packed)
            {
                return slot.Command;
            }
        }
    }

    private void Add(CommandInfo command)
    {
        string name = command.Name[(command.Name.LastIndexOf('|') + 1)..];
        Span<byte> bytes = stackalloc byte[PackedName.MaxLength];
        if (name.Length > bytes.Length)
        {
            // Only a module's command can have such a name; it stays unknown.
            return;
        }

        int length = Encoding.ASCII.GetBytes(name, bytes);
        PackedName.TryPack(bytes[..length], out PackedName packed);
        int i = (int)(packed.Hash >> _shift);
        while (_slots[i & (_slots.Length - 1)].Command is not null)
        {
            i++;
        }

        _slots[i & (_slots.Length - 1)] = new Slot { Name = packed, Command = command };
    }

    private struct Slot
    {
        public PackedName Name;
        public CommandInfo? Command;
    }
}
