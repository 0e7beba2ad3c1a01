namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>Where requests go, and the region that they are signed for.</summary>
/// <param name="Address">The service's.</param>
/// <param name="Region">AWS's name of it.</param>
internal sealed record AwsLocation(Uri Address, string Region);
