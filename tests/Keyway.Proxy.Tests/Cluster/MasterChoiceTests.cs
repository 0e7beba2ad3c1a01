using Keyway.Proxy.Cluster;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Which Sentinel is believed.</summary>
public sealed class MasterChoiceTests
{
    private readonly MasterChoice _choice = new();

    [Fact]
    public void NewerEpoch_IsBelieved_OlderIsNot()
    {
        Assert.True(_choice.Take(3, "a"));
        Assert.True(_choice.Take(4, "b"));
        Assert.False(_choice.Take(3, "a"));

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void Switch_WithinAnEpoch_DoesNotGoBack()
    {
        _choice.Take(1, "a");
        Assert.True(_choice.Take(2, "a")); // it is under way
        Assert.True(_choice.Take(2, "b"));
        Assert.False(_choice.Take(2, "a")); // a Sentinel that is behind

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void SwitchUnderWay_AtTheStart_IsNotBelievedAgainstOneThatIsOver()
    {
        Assert.True(_choice.Take(1, "b"));
        Assert.False(_choice.Take(1, "a", isSwitching: true));
        Assert.True(_choice.Take(1, "b"));

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void SwitchUnderWay_AtTheStart_IsBelievedUntilItIsOver()
    {
        Assert.True(_choice.Take(1, "a", isSwitching: true));
        Assert.True(_choice.Take(1, "b"));
        Assert.False(_choice.Take(1, "a", isSwitching: true));

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void MasterOfBefore_InALaterEpoch_IsBelievedAgain()
    {
        _choice.Take(1, "a");
        _choice.Take(2, "b");
        _choice.Take(3, "b"); // heard while the switch back is under way
        Assert.True(_choice.Take(3, "a"));
        Assert.False(_choice.Take(3, "b"));

        Assert.Equal("a", _choice.Current);
    }
}
