using System.Buffers;
using System.Text;

namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>What may stand in a message of SQS: the characters of XML 1.0 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).</summary>
internal static class SqsText
{
    /// <summary>Whether SQS takes these bytes as a message.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return false;
        }

        while (!data.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(data, out var rune, out var length) is not OperationStatus.Done || !IsAllowed(rune.Value))
            {
                return false;
            }

            data = data[length..];
        }

        return true;
    }

    // Runes are never surrogates.
    private static bool IsAllowed(int rune) => rune is '\t' or '\n' or '\r' or (>= 0x20 and not (0xFFFE or 0xFFFF));
}
