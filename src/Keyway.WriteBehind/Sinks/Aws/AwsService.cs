namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>A service of AWS that speaks JSON over POST.</summary>
/// <param name="Name">In host names and signatures.</param>
/// <param name="Target">Before the operation in the header <c>X-Amz-Target</c>.</param>
/// <param name="ContentType">Which of AWS's two JSON protocols.</param>
internal sealed record AwsService(string Name, string Target, string ContentType)
{
    /// <summary>Amazon Data Firehose.</summary>
    public static readonly AwsService Firehose = new("firehose", "Firehose_20150804", "application/x-amz-json-1.1");

    /// <summary>Kinesis Data Streams.</summary>
    public static readonly AwsService Kinesis = new("kinesis", "Kinesis_20131202", "application/x-amz-json-1.1");

    /// <summary>Simple Queue Service.</summary>
    public static readonly AwsService Sqs = new("sqs", "AmazonSQS", "application/x-amz-json-1.0");

    /// <summary>Where AWS has it.</summary>
    public Uri EndpointIn(string region, bool fips)
    {
        // https://docs.aws.amazon.com/general/latest/gr/rande.html: the partition is in the region's name.
        var domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return new Uri($"https://{Name}{(fips ? "-fips" : "")}.{region}.{domain}/");
    }
}
