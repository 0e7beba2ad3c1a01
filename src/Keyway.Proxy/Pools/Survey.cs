namespace Keyway.Proxy.Pools;

/// <summary>A question to every reactor's state of a pool: each answers on its own thread, and nobody waits.</summary>
internal static class Survey
{
    /// <summary>Calls <paramref name="look"/> for every state of the asker's pool, each on the thread of its reactor.</summary>
    /// <param name="asker">The state whose reactor runs this; it is asked first.</param>
    /// <param name="look">What to find out, or to do. It must not throw, and its result must not be changed afterwards.</param>
    /// <param name="done">Gets the answers, in the order of the reactors, on the asker's reactor; at once if there is no other.</param>
    internal static void Take<T>(PoolState asker, Func<PoolState, T> look, Action<T[]> done)
    {
        IReadOnlyList<PoolState> states = asker.Shared.States;
        T[] answers = new T[states.Count];
        int awaited = states.Count;
        for (int i = 0; i < states.Count; i++)
        {
            int index = i;
            PoolState state = states[index];
            if (state == asker)
            {
                answers[index] = look(state);
                awaited--;
                continue;
            }

            state.Reactor.Post(() =>
            {
                T answer = look(state);
                asker.Reactor.Post(() => Keep(index, answer));
            });
        }

        // What was posted comes back in a later wake-up of this reactor: nothing can have arrived yet.
        if (awaited == 0)
        {
            done(answers);
        }

        void Keep(int index, T answer)
        {
            answers[index] = answer;
            if (--awaited == 0)
            {
                done(answers);
            }
        }
    }
}
