using System.Text;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.WriteBehind.Tests.Sinks.Aws;

/// <summary>What SQS takes and says.</summary>
public sealed class SqsTests
{
    [Theory]
    [InlineData("a\t\r\nb", true)]
    [InlineData("é€😀\uE000\uFFFD", true)]
    [InlineData("\uFFFE", false)]
    [InlineData("\uFFFF", false)]
    [InlineData("a\0", false)]
    [InlineData("\u001F", false)]
    [InlineData("", false)]
    public void Text_OfXml_IsAMessage(string text, bool expected) => Assert.Equal(expected, SqsText.IsMessage(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { (byte)'a', 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void BytesThatAreNotUtf8_AreNone(byte[] bytes) => Assert.False(SqsText.IsMessage(bytes));

    [Fact]
    public void FailedEntries_AreRefused_OnlyForWhatTheRecordIs()
    {
        List<FailedRecord> failed = Read(
            """
            {"Successful":[{"Id":"1"}],"Failed":[{"Id":"3","Code":"KMS.DisabledException","SenderFault":true},
             {"Id":"0","Code":"InvalidParameterValue","Message":"bad","SenderFault":true},{"Id":"2","Code":"RequestThrottled","SenderFault":true},
             {"Id":"4","Code":"InternalError","SenderFault":false}]}
            """,
            5)!;

        Assert.Equal([3, 0, 2, 4], failed.Select(static record => record.Index));
        Assert.Equal([0], failed.Where(static record => record.IsRefused).Select(static record => record.Index));
        Assert.Equal([2], failed.Where(static record => record.IsThrottled).Select(static record => record.Index));
        Assert.Equal("InvalidParameterValue: bad", failed[1].Reason);
    }

    [Theory]
    [InlineData("""{"Successful":[{"Id":"0"}]}""")]
    [InlineData("""{"Successful":[{"Id":"0"},{"Id":"2"}]}""")]
    [InlineData("""{"Successful":[{"Id":"0"},{"Id":"x"}]}""")]
    [InlineData("""{"Successful":[{"Id":"0"},{}]}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void AnswerThatLacksAnEntry_IsNone(string body) => Assert.Null(Read(body, 2));

    private static List<FailedRecord>? Read(string body, int count) => SqsAnswer.Read(Encoding.UTF8.GetBytes(body), count);
}
