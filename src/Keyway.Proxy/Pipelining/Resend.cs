using Keyway.Net.Buffers;

namespace Keyway.Proxy.Pipelining;

/// <summary>What it takes to send a request again, to another server: kept with the request where a pool's keys can move while requests are under way.</summary>
/// <param name="buffers">Where the kept bytes live.</param>
internal sealed class Resend(BufferPool buffers)
{
    /// <summary>The request's bytes.</summary>
    internal OutputBuffer Frame { get; } = new(buffers);

    /// <summary>Whose request it is, also where it is a part of one. It is held back while this is under way again, so that its later requests do not overtake it.</summary>
    internal ClientConnection? Owner { get; set; }

    /// <summary>The lane that it goes through.</summary>
    internal int Lane { get; set; }

    /// <summary>The slot of its keys.</summary>
    internal int Slot { get; set; }

    /// <summary>True when it may be sent again although it may have been executed.</summary>
    internal bool MayRepeat { get; set; }

    /// <summary>How often it was sent again.</summary>
    internal int Attempts { get; set; }

    /// <summary>When to give up, in the reactor's milliseconds; 0 before the first attempt.</summary>
    internal long Until { get; set; }

    internal void Clear()
    {
        Frame.Clear();
        Owner = null;
        Attempts = 0;
        Until = 0;
    }
}
