namespace Keyway.Server.CommandLine;

/// <summary>What the command line asks for cannot be done; the message says what could.</summary>
internal sealed class UsageException(string message) : Exception(message);
