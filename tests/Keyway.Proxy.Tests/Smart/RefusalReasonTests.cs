using System.Text;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Tests.Smart;

public sealed class RefusalReasonTests
{
    [Theory]
    [InlineData("-WRONGTYPE Operation\r\n", "WRONGTYPE")]
    [InlineData("-OOM command not allowed\r\n", "OOM")]
    [InlineData("-READONLY\r\n", "READONLY")]
    [InlineData("!9\r\nNOAUTH xx\r\n", "NOAUTH")]
    [InlineData("-err lower\r\n", "ERR")]
    [InlineData("-\r\n", "ERR")]
    public void Of_IsTheFirstWord(string reply, string reason) => Assert.Equal(reason, RefusalReason.Of(Encoding.ASCII.GetBytes(reply)));
}
