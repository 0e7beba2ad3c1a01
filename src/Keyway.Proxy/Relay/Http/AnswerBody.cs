using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Keyway.Proxy.Relay.Http;

/// <summary>The bodies of answers that are not always the same.</summary>
internal static class AnswerBody
{
    /// <summary>A status word and a sentence.</summary>
    internal static byte[] Of(string status, string error) =>
        Encoding.UTF8.GetBytes($"{{\"status\": \"{status}\", \"error\": \"{JsonEncodedText.Encode(error)}\"}}");

    /// <summary>A line is no JSON object; lines count from 1.</summary>
    internal static byte[] InvalidLine(int line) => Bytes($"{{\"status\": \"invalid_json\", \"line\": {line}}}");

    /// <summary>A record is longer than the sink takes.</summary>
    /// <param name="limit">What it takes, in bytes.</param>
    /// <param name="line">Which, from 1; 0 for the only one.</param>
    internal static byte[] TooLong(int limit, int line) => line == 0
        ? Bytes($"{{\"status\": \"too_large\", \"limit\": {limit}}}")
        : Bytes($"{{\"status\": \"too_large\", \"limit\": {limit}, \"line\": {line}}}");

    /// <summary>So many records are kept.</summary>
    internal static byte[] Success(int records) => Bytes($"{{\"status\": \"success\", \"records\": {records}}}");

    private static byte[] Bytes(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
