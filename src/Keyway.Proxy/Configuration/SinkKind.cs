namespace Keyway.Proxy.Configuration;

/// <summary>Where a relay's records go.</summary>
public enum SinkKind
{
    /// <summary>Amazon Data Firehose (PutRecordBatch).</summary>
    Firehose,

    /// <summary>Kinesis Data Streams (PutRecords).</summary>
    Kinesis,

    /// <summary>SQS (SendMessageBatch).</summary>
    Sqs,

    /// <summary>Files in a directory, rolled by size and age.</summary>
    File,

    /// <summary>An HTTP endpoint, as lines of JSON.</summary>
    Http,

    /// <summary>Standard output, a line a record.</summary>
    Stdout,

    /// <summary>A stream of a Redis server (XADD).</summary>
    RedisStream,
}
