namespace Keyway.IntegrationTests.Clients;

/// <summary>phpredis: sessions of a web server.</summary>
public sealed class PhpTests
{
    [Fact]
    public void Sessions_ThroughKeyway_HoldAsDirectly() => ClientSuite.HoldsAsDirectly("php_sessions.php");
}
