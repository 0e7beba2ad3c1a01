using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Redis.Subscriptions;
using Keyway.Proxy.Tests.Rig;

namespace Keyway.Proxy.Tests.Redis.Subscriptions;

public sealed class FeedFrameTests
{
    [Theory]
    [InlineData("*3~$7~message~$2~ch~$5~hello~", "message", "ch")]
    [InlineData("*3~$7~message~$0~~$0~~", "message", "")]
    [InlineData("*4~$8~pmessage~$1~*~$2~ch~$2~~~", "pmessage", "*")]
    [InlineData("*3~$9~subscribe~$2~ch~:12~", "subscribe", "ch")]
    [InlineData("*3~$11~unsubscribe~$-1~:0~", "unsubscribe", "")]
    [InlineData("*2~$4~pong~$0~~", "pong", "")]
    [InlineData("-ERR no~", "-ERR no", "")]
    [InlineData("+OK~", "+OK", "")]
    public void Frame_AtEveryCut_IsReadWhenItIsWhole(string text, string word, string name)
    {
        byte[] bytes = RigSocket.Bytes(text);
        FeedFrame frame = default;
        for (int length = 1; length < bytes.Length; length++)
        {
            Assert.Equal(ScanStatus.NeedMore, frame.Read(bytes.AsSpan(0, length)));
            Assert.InRange(frame.Expected, 0, bytes.Length);
        }

        Assert.Equal(ScanStatus.Complete, frame.Read(RigSocket.Bytes(text + "*3~")));
        Assert.Equal(word, Encoding.Latin1.GetString(frame.Word));
        Assert.Equal(name, Encoding.Latin1.GetString(frame.Name));
        Assert.Equal(bytes, frame.Bytes);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("*0~")]
    [InlineData("*5~")]
    [InlineData("*-1~")]
    [InlineData("*3~*1~")]
    [InlineData("*3~$x~")]
    [InlineData("*3~$2~abcd")]
    [InlineData("*00000000000000000000000000000000")]
    [InlineData("*3~$99999999999~")]
    public void Nonsense_IsAnError(string text)
    {
        FeedFrame frame = default;
        Assert.Equal(ScanStatus.Error, frame.Read(RigSocket.Bytes(text)));
    }
}
