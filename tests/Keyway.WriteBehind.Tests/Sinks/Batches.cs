using System.Text;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Tests.Sinks;

/// <summary>Batches as the relay makes them.</summary>
internal static class Batches
{
    /// <summary>Records with these texts, numbered from 1.</summary>
    internal static SinkRecord[] Of(params string[] texts) =>
        [.. texts.Select((text, i) => new SinkRecord(Encoding.UTF8.GetBytes(text), i + 1, DateTimeOffset.UnixEpoch))];
}
