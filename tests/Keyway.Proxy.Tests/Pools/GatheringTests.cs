using Keyway.Proxy.Pools;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Pools;

public sealed class GatheringTests
{
    [Fact]
    public void Ask_OneReactor_IsDoneAtOnce()
    {
        using ProxyRig rig = new();
        List<int> answers = [];

        Gathering.Ask(rig.State, static state => state.Reactor.Index + 5, found => answers = found);

        Assert.Equal([5], answers);
    }

    [Fact]
    public void Ask_SeveralReactors_IsDoneOnceWhenAllHaveAnswered()
    {
        using ProxyRig rig = new(reactors: 4);
        List<int> asked = [];
        List<List<int>> answers = [];

        Gathering.Ask(rig.States[2], state =>
        {
            asked.Add(state.Reactor.Index);
            return state.Reactor.Index * 10;
        }, answers.Add);

        Assert.Equal([2], asked);
        Assert.Empty(answers);
        rig.Settle();
        Assert.Equal([0, 1, 2, 3], asked.Order());
        Assert.Equal([0, 10, 20, 30], Assert.Single(answers).Order());
    }
}
