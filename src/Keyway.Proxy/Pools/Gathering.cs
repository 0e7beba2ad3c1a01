namespace Keyway.Proxy.Pools;

/// <summary>A question to the pool's state on every reactor: each answers on its own thread, and nobody waits.</summary>
internal static class Gathering
{
    /// <summary>Asks all reactors, the asker's own included.</summary>
    /// <param name="asker">Who wants to know; called on its thread.</param>
    /// <param name="ask">Called on each reactor's thread.</param>
    /// <param name="done">Called once on the asker's thread, with an answer of each reactor; in a pool on one reactor at once.</param>
    internal static void Ask<T>(PoolState asker, Func<PoolState, T> ask, Action<List<T>> done)
    {
        List<T> answers = [ask(asker)];
        int count = asker.Shared.States.Count;
        if (count == 1)
        {
            done(answers);
            return;
        }

        asker.Shared.TellOthers(asker, other =>
        {
            T answer = ask(other);
            asker.Reactor.Post(() =>
            {
                answers.Add(answer);
                if (answers.Count == count)
                {
                    done(answers);
                }
            });
        });
    }
}
