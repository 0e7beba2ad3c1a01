namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Reads the body of an answer with status 200.</summary>
/// <returns>What became of the records, or null if the body is not what the service answers.</returns>
internal delegate SinkResult? AnswerReader(ReadOnlySpan<byte> body);
