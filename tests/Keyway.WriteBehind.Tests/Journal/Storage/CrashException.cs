namespace Keyway.WriteBehind.Tests.Journal.Storage;

/// <summary>Here the process ended.</summary>
internal sealed class CrashException : Exception;
