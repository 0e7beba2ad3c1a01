namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Who signs a request, when, and for which service where.</summary>
internal readonly record struct SigningScope(string AccessKey, string SecretKey, string Region, string Service, DateTimeOffset Time);
