using Keyway.Proxy.Merging.Info;

namespace Keyway.Proxy.Tests.Merging.Info;

public sealed class InfoCountsTests
{
    [Theory]
    [InlineData("keys=1,expires=1,avg_ttl=10", "keys=2,expires=3,avg_ttl=50", "keys=3,expires=4,avg_ttl=40")]
    [InlineData("keys=1,expires=0,avg_ttl=0", "keys=2,expires=0,avg_ttl=0", "keys=3,expires=0,avg_ttl=0")]
    [InlineData("calls=1,usec=4,usec_per_call=4.00", "calls=3,usec=6,usec_per_call=2.00", "calls=4,usec=10,usec_per_call=2.50")]
    [InlineData("count=1", "count=2,new=7", "count=3,new=7")]
    [InlineData("count=1,old=7", "count=2", "count=3,old=7")]
    [InlineData("count=x,word", "count=2", "count=x,word")]
    [InlineData("avg_ttl=5", "avg_ttl=7", "avg_ttl=5")]
    public void Add_Lines_CountsAddUp(string left, string right, string expected) => Assert.Equal(expected, InfoCounts.Add(left, right));
}
