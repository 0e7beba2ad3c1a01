using System.Text;
using Keyway.WriteBehind.Sinks;
using Keyway.WriteBehind.Sinks.Aws;

namespace Keyway.WriteBehind.Tests.Sinks.Aws;

/// <summary>Answers of PutRecordBatch and PutRecords.</summary>
public sealed class PutAnswerTests
{
    [Fact]
    public void AllAccepted_IsOk() => Assert.Same(SinkResult.Ok, Read("""{"FailedPutCount":0,"Encrypted":true,"RequestResponses":[{"RecordId":"a"},{"RecordId":"b"}]}"""));

    [Fact]
    public void NullErrorCode_IsNoError() => Assert.Same(SinkResult.Ok, Read("""{"RequestResponses":[{"ErrorCode":null,"RecordId":"a"},{"RecordId":"b","X":{"y":[]}}]}"""));

    [Fact]
    public void FailedEntries_AreNamedByPlaceAndKind()
    {
        SinkResult result = Read("""{"FailedPutCount":2,"RequestResponses":[{"ErrorCode":"InternalFailure"},{"ErrorMessage":"Slow down.","ErrorCode":"ServiceUnavailableException"}]}""")!;

        Assert.Equal(SinkVerdict.Accepted, result.Verdict);
        Assert.True(result.IsThrottled);
        Assert.Equal([new FailedRecord(0, "InternalFailure"), new FailedRecord(1, "ServiceUnavailableException: Slow down.", IsThrottled: true)], result.Failed);
    }

    [Fact]
    public void KinesisOverItsShare_IsThrottling()
    {
        ReadOnlySpan<byte> body = """{"FailedRecordCount":1,"Records":[{"SequenceNumber":"1","ShardId":"s"},{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded for shard s"}]}"""u8;

        SinkResult result = PutAnswer.Read(body, "Records"u8, "SequenceNumber"u8, 2)!;

        Assert.Equal([new FailedRecord(1, "ProvisionedThroughputExceededException: Rate exceeded for shard s", IsThrottled: true)], result.Failed);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"RecordId":null,"ErrorCode":null}""")]
    [InlineData("""{"RecordId":""}""")]
    [InlineData("""{"SequenceNumber":"7"}""")]
    public void EntryWithNeitherIdNorError_GoesAgain(string entry)
    {
        SinkResult result = Read($$"""{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"},{{entry}}]}""")!;

        Assert.Equal(SinkVerdict.Accepted, result.Verdict);
        Assert.Equal([new FailedRecord(1, "neither an id nor an error in the answer")], result.Failed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"}]}""")]
    [InlineData("""{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"},{"RecordId":"b"},{"RecordId":"c"}]}""")]
    [InlineData("""{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"},{"Reco""")]
    [InlineData("""{"FailedPutCount":0,"RequestResponses":[{"ErrorCode":7},{"RecordId":"b"}]}""")]
    public void AnythingElse_IsNoAnswer(string body) => Assert.Null(Read(body));

    private static SinkResult? Read(string body) => PutAnswer.Read(Encoding.UTF8.GetBytes(body), "RequestResponses"u8, "RecordId"u8, 2);
}
