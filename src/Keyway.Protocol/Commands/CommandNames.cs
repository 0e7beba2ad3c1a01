using System.Numerics;
using System.Text;

namespace Keyway.Protocol.Commands;

/// <summary>
/// Finds commands by name, on the path of every request: open addressing over names packed into words, so that a look-up is a
/// multiplication and two comparisons.
/// </summary>
internal sealed class CommandNames
{
    // Four slots a name keep nearly every look-up at its first slot; the whole table takes 40 KiB.
    private const int SlotsPerName = 4;

    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <summary>Makes the table of some commands, each under its last word.</summary>
    public CommandNames(CommandInfo[] commands)
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
        if ((uint)(name.Length - 1) >= sizeof(ulong))
        {
            return name.Length is 0 or > NameWords.MaxLength ? null : FindLong(name);
        }

        Slot[] slots = _slots;
        ulong word = NameWords.Word(name);
        for (int i = (int)(NameWords.Hash(word) >> _shift); ; i++)
        {
            ref readonly Slot slot = ref slots[i & (slots.Length - 1)];
            if ((slot.First == word && slot.Length == name.Length) || slot.Command is null)
            {
                return slot.Command;
            }
        }
    }

    private CommandInfo? FindLong(ReadOnlySpan<byte> name)
    {
        Slot[] slots = _slots;
        Slot wanted = new(name);
        for (int i = (int)(wanted.Hash >> _shift); ; i++)
        {
            ref readonly Slot slot = ref slots[i & (slots.Length - 1)];
            if (slot.Command is null || slot.HasNameOf(wanted))
            {
                return slot.Command;
            }
        }
    }

    private void Add(CommandInfo command)
    {
        byte[] name = Encoding.ASCII.GetBytes(command.Name[(command.Name.LastIndexOf('|') + 1)..]);
        if (name.Length > NameWords.MaxLength)
        {
            // Only a module's command can have such a name; it stays unknown.
            return;
        }

        Slot slot = new(name) { Command = command };
        int i = (int)(slot.Hash >> _shift);
        while (_slots[i & (_slots.Length - 1)].Command is not null)
        {
            i++;
        }

        _slots[i & (_slots.Length - 1)] = slot;
    }

    private struct Slot
    {
        public readonly ulong First;
        public readonly ulong Second;
        public readonly ulong Third;
        public readonly int Length;
        public CommandInfo? Command;

        public Slot(ReadOnlySpan<byte> name)
        {
            const int Size = sizeof(ulong);
            Length = name.Length;
            First = NameWords.Word(name);
            Second = name.Length <= Size ? 0 : NameWords.Word(name[Size..]);
            Third = name.Length <= 2 * Size ? 0 : NameWords.Word(name[(2 * Size)..]);
        }

        public readonly ulong Hash => NameWords.Hash(First, Second, Third);

        public readonly bool HasNameOf(in Slot other) =>
            First == other.First && Second == other.Second && Third == other.Third && Length == other.Length;
    }
}
