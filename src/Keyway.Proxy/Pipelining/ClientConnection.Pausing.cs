namespace Keyway.Proxy.Pipelining;

/// <content>When its client is not read.</content>
internal abstract partial class ClientConnection
{
    private PauseReasons _pauses;

    /// <summary>Stops reading for a reason.</summary>
    internal void Pause(PauseReasons reason)
    {
        if (_pauses == PauseReasons.None && !_closeWhenAnswered)
        {
            PauseReading();
        }

        _pauses |= reason;
    }

    /// <summary>A reason has gone; the client is read again when it was the last.</summary>
    internal void Unpause(PauseReasons reason)
    {
        if ((_pauses & reason) == 0)
        {
            return;
        }

        _pauses &= ~reason;
        if (_pauses == PauseReasons.None && !_closeWhenAnswered)
        {
            ResumeReading();
        }
    }

    /// <summary>To be called when bytes have come. False: there are no buffers for what they would need, and they are to be left alone for now.</summary>
    protected bool MayRead()
    {
        LastHeard = Reactor.Now;
        if (!Pool.Guard.IsExceeded)
        {
            return true;
        }

        Pool.Guard.Hold(this);
        return false;
    }
}
