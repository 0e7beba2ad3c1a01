namespace Keyway.Protocol.Resp;

/// <summary>What a scanner found.</summary>
public enum ScanStatus : byte
{
    /// <summary>A frame ended; the scanner is ready for the next.</summary>
    Complete,

    /// <summary>All bytes belong to a frame that has not ended.</summary>
    NeedMore,

    /// <summary>The bytes are no frame; nothing behind them can be trusted.</summary>
    Error,
}
