namespace Keyway.Protocol.Resp;

/// <summary>Where an argument lies in its request.</summary>
public struct ArgRange
{
    /// <summary>Offset of the first byte in the frame.</summary>
    public int Start;

    /// <summary>Bytes, 0 or more.</summary>
    public int Length;
}
