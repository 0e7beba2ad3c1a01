using System.Text;

namespace Keyway.Proxy.Redis;

/// <content>CLIENT REPLY: whether this client is answered.</content>
internal abstract partial class RespClientConnection
{
    private bool _repliesOff;
    private bool _skipNext;
    private bool _skipsThis;

    /// <summary>CLIENT REPLY ON, OFF or SKIP; false if it is none of them.</summary>
    internal bool TrySetReplies(ReadOnlySpan<byte> mode)
    {
        if (Ascii.EqualsIgnoreCase(mode, "ON"u8))
        {
            RepliesOn();
            Reply("+OK\r\n"u8);
        }
        else if (Ascii.EqualsIgnoreCase(mode, "OFF"u8))
        {
            _repliesOff = true;
        }
        else if (Ascii.EqualsIgnoreCase(mode, "SKIP"u8))
        {
            _skipNext = !_repliesOff;
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Every reply is sent again.</summary>
    private void RepliesOn()
    {
        _repliesOff = false;
        _skipNext = false;
        _skipsThis = false;
        IsMuted = false;
    }

    /// <summary>A command was done that may have turned replies off.</summary>
    protected void MuteIfOff() => IsMuted |= _repliesOff;

    /// <summary>A request has been handled: SKIP is for one behind it.</summary>
    protected void AfterHandled()
    {
        _skipsThis = _skipNext;
        _skipNext = false;
        IsMuted = _repliesOff || _skipsThis;
    }
}
