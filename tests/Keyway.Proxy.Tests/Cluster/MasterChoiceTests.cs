using Keyway.Proxy.Cluster;

namespace Keyway.Proxy.Tests.Cluster;

/// <summary>Which Sentinel is believed.</summary>
public sealed class MasterChoiceTests
{
    private readonly MasterChoice _choice = new(sentinels: 3);

    [Fact]
    public void NewerEpoch_IsBelieved_OlderIsNot()
    {
        Assert.True(Take(0, 3, "a"));
        Assert.True(Take(0, 4, "b"));
        Assert.False(Take(0, 3, "a"));

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void Switch_WithinAnEpoch_DoesNotGoBack()
    {
        Take(0, 1, "a");
        Assert.True(Take(0, 2, "a")); // it is under way
        Assert.True(Take(0, 2, "b"));
        Assert.False(Take(0, 2, "a")); // a Sentinel that is behind

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void SwitchUnderWay_AtTheStart_IsNotBelievedAgainstOneThatIsOver()
    {
        Assert.True(Take(0, 1, "b"));
        Assert.False(Take(0, 1, "a", isSwitching: true));
        Assert.True(Take(0, 1, "b"));

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void SwitchUnderWay_AtTheStart_IsBelievedUntilItIsOver()
    {
        Assert.True(Take(0, 1, "a", isSwitching: true));
        Assert.True(Take(0, 1, "b"));
        Assert.False(Take(0, 1, "a", isSwitching: true));

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void MasterOfBefore_InALaterEpoch_IsBelievedAgain()
    {
        Take(0, 1, "a");
        Take(0, 2, "b");
        Take(0, 3, "b"); // heard while the switch back is under way
        Assert.True(Take(0, 3, "a"));
        Assert.False(Take(0, 3, "b"));

        Assert.Equal("a", _choice.Current);
    }

    [Fact]
    public void Start_OneThatMayBeBehind_IsNotBelievedBeforeTheOthersAreHeard()
    {
        Take(0, 1, "old");
        Assert.False(_choice.IsSettled);

        Take(1, 2, "new");
        _choice.OnSilent(2);

        Assert.True(_choice.IsSettled);
        Assert.Equal("new", _choice.Current);
    }

    [Fact]
    public void Start_TwoThatAgree_NeedNoThird()
    {
        Take(0, 1, "a");
        Take(1, 1, "a");

        Assert.True(_choice.IsSettled);
    }

    [Fact]
    public void Start_OneThatAnswersAlone_IsBelievedWhenTheTimeIsOver()
    {
        Take(0, 1, "a");
        _choice.Settle();

        Assert.True(_choice.IsSettled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void SentinelsSetUpAnew_AreBelievedAfterAWhile(long epoch)
    {
        TakeOfAll(7, "a", now: 0);
        TakeOfAll(7, "b", now: 1000);

        TakeOfAll(epoch, "a", now: 2000);
        TakeOfAll(epoch, "a", now: 6900);
        Assert.Equal("b", _choice.Current);
        TakeOfAll(epoch, "a", now: 7000);

        Assert.Equal("a", _choice.Current);
    }

    [Fact]
    public void MostThatAreBehind_AreNotBelievedAgainstOneThatKnowsBetter()
    {
        TakeOfAll(1, "a", now: 0);
        for (int now = 0; now < 30_000; now += 1000)
        {
            Take(0, 2, "b", now);
            Take(1, 1, "a", now);
            Take(2, 1, "a", now);
        }

        Assert.Equal("b", _choice.Current);
    }

    [Fact]
    public void OneThatWasSetUpAnew_IsNotBelievedAgainstTheLastKnown()
    {
        TakeOfAll(3, "a", now: 0);
        _choice.OnSilent(1);
        _choice.OnSilent(2);
        for (int now = 0; now < 30_000; now += 1000)
        {
            Take(0, 0, "b", now);
        }

        Assert.Equal("a", _choice.Current);
    }

    private bool Take(int sentinel, long epoch, string master, long now = 0, bool isSwitching = false) => _choice.Take(sentinel, epoch, master, now, isSwitching);

    private void TakeOfAll(long epoch, string master, long now)
    {
        for (int sentinel = 0; sentinel < 3; sentinel++)
        {
            Take(sentinel, epoch, master, now);
        }
    }
}
