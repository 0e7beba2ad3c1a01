namespace Keyway.WriteBehind.Sinks.RedisStream;

/// <summary>The server refuses the connection or the batch; the message is its error, without the minus.</summary>
internal sealed class RedisRefusedException(string message) : Exception(message);
