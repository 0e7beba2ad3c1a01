namespace Keyway.Protocol.Commands;

/// <summary>Which arguments of a command are values.</summary>
/// <param name="First">The first of them; 0 if there is none.</param>
/// <param name="Step">From one to the next; 0 if it is the only one.</param>
public readonly record struct ValueArguments(int First, int Step)
{
    /// <summary>True if there is none.</summary>
    public bool IsNone => First == 0;

    /// <summary>True for the number of an argument that is a value.</summary>
    public bool Contains(int argument) => First > 0 && (argument == First || (Step > 0 && argument > First && (argument - First) % Step == 0));
}
