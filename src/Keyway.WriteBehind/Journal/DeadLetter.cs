using System.Buffers;
using System.Buffers.Binary;

namespace Keyway.WriteBehind.Journal;

/// <summary>
/// A record that was given up, with the reason. Dead letters are kept in a journal of their own; before the record's own header stands the reason, as
/// UTF-8 after its length in two bytes.
/// </summary>
public readonly ref struct DeadLetter
{
    private const int LongestReason = 1024;

    private DeadLetter(ReadOnlySpan<byte> reason, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Reason = reason;
        Header = header;
        Payload = payload;
    }

    /// <summary>Why it was given up, in UTF-8.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>The header that the record had.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The payload that the record had.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Adds a dead letter to the batch of a producer of the journal for dead letters.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="kind">The record's own kind.</param>
    /// <param name="reason">Why it is given up, in UTF-8; at most 1,024 bytes are kept.</param>
    /// <param name="header">The record's own header.</param>
    /// <param name="payload">The record's payload.</param>
    public static AppendResult Append(
        JournalProducer producer, byte kind, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(producer);
        reason = reason[..Math.Min(reason.Length, LongestReason)];
        int length = sizeof(ushort) + reason.Length + header.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        BinaryPrimitives.WriteUInt16LittleEndian(joined, (ushort)reason.Length);
        reason.CopyTo(joined.AsSpan(sizeof(ushort)));
        header.CopyTo(joined.AsSpan(sizeof(ushort) + reason.Length));
        AppendResult result = producer.Append(kind, joined.AsSpan(0, length), payload, out _);
        ArrayPool<byte>.Shared.Return(joined);
        return result;
    }

    /// <summary>Takes a record of the journal for dead letters apart; false if it is no dead letter.</summary>
    public static bool TryRead(JournalRecord record, out DeadLetter letter)
    {
        letter = default;
        ReadOnlySpan<byte> header = record.Header;
        if (header.Length < sizeof(ushort) || BinaryPrimitives.ReadUInt16LittleEndian(header) is var reason && header.Length < sizeof(ushort) + reason)
        {
            return false;
        }

        header = header[sizeof(ushort)..];
        letter = new DeadLetter(header[..reason], header[reason..], record.Payload);
        return true;
    }
}
