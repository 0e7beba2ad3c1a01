using Keyway.Net.Timers;

namespace Keyway.Proxy.Pipelining;

/// <content>A connection that is old (<c>connection_max_age</c>) has a successor, which sends nothing before its last reply has come.</content>
internal abstract partial class ServerConnection
{
    private const int RenewalTries = 10; // within one more age, when a renewal fails

    private const string Renewed = "renewed (connection_max_age)";

    private ActionTimer? _ageTimer;
    private ServerConnection? _predecessor; // until it has been replaced
    private ServerConnection? _successor; // waits for the last reply to this one
    private ServerConnection? _elder; // it has been replaced, and its last reply is waited for

    /// <summary>Renews the connection when it has this age, or a little less, so that those opened together do not end together.</summary>
    internal void LimitAge(TimeSpan age)
    {
        _ageTimer ??= new ActionTimer(() => Server.Renew(this));
        long milliseconds = (long)age.TotalMilliseconds;
        Reactor.Timers.Set(_ageTimer, Reactor.Now + milliseconds - Random.Shared.NextInt64((milliseconds / 10) + 1));
    }

    /// <summary>To be called before it is opened: it takes the place of this one when it is ready.</summary>
    internal void Succeed(ServerConnection old) => _predecessor = old;

    /// <summary>No more requests come. False when nothing is awaited either, and it has ended.</summary>
    private bool HandOver(ServerConnection successor)
    {
        if (IsClosed || _head is null)
        {
            Close(Renewed);
            return false;
        }

        _successor = successor;
        _closeWhenIdle = true;
        return true;
    }

    /// <summary>It may send at last; unless early writes of this one have to be sent again, which those that it holds must not overtake.</summary>
    private void LetGo(ServerConnection successor, string reason, bool wasIdle)
    {
        successor._elder = null;
        if (wasIdle || Server.Pool.Smart is null)
        {
            successor.BeginSending();
        }
        else
        {
            successor.Close(reason);
        }
    }
}
