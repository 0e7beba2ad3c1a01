using Keyway.Testing;

namespace Keyway.Protocol.Tests;

public sealed class AllocationsTests
{
    private object? _kept;

    [Fact]
    public void Least_EachWindowAllocates_IsWhatOneDoes() => Assert.InRange(Allocations.Least(() => _kept = new byte[100]), 100, 200);

    [Fact]
    public void Least_FirstWindowsAllocate_IsNothing()
    {
        int window = 0;
        Assert.Equal(0, Allocations.Least(() => _kept = window++ < 50 ? new byte[100] : _kept));
        Assert.True(window > 50);
    }
}
