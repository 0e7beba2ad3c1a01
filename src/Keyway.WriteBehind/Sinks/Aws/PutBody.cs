using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Writes the bodies of PutRecordBatch (Firehose) and PutRecords (Kinesis): a stream, and the records in Base64, each with a key where the service wants one.</summary>
internal sealed class PutBody
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 16;

    private readonly byte[] _head;
    private readonly bool _hasKeys;

    /// <param name="member">What the service calls the stream.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="hasKeys">A record's number is its key.</param>
    public PutBody(string member, string stream, bool hasKeys)
    {
        _head = Encoding.UTF8.GetBytes($$"""{"{{member}}":"{{JsonEncodedText.Encode(stream)}}","Records":[""");
        _hasKeys = hasKeys;
    }

    /// <summary>Bytes beside the records.</summary>
    public int Overhead => _head.Length + Tail.Length;

    private static ReadOnlySpan<byte> Before => "{\"Data\":\""u8;

    private static ReadOnlySpan<byte> BeforeKey => "\",\"PartitionKey\":\""u8;

    private static ReadOnlySpan<byte> After => "\"},"u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <summary>Bytes that a record of so many takes, at most.</summary>
    public long EncodedLength(int length) =>
        Before.Length + Base64.GetMaxEncodedToUtf8Length(length) + (_hasKeys ? BeforeKey.Length + KeyLength : 0) + After.Length;

    /// <summary>The body.</summary>
    public PooledBuffer Write(IReadOnlyList<SinkRecord> records)
    {
        var body = new PooledBuffer(checked((int)(records.Sum(record => EncodedLength(record.Data.Length)) + Overhead)));
        body.Write(_head);
        for (var i = 0; i < records.Count; i++)
        {
            body.Write(Before);
            body.WriteBase64(records[i].Data.Span);
            if (_hasKeys)
            {
                body.Write(BeforeKey);
                records[i].Id.TryFormat(body.GetSpan(KeyLength), out var written, "x16", CultureInfo.InvariantCulture);
                body.Advance(written);
            }

            body.Write(i < records.Count - 1 ? After : After[..^1]);
        }

        body.Write(Tail);
        return body;
    }
}
