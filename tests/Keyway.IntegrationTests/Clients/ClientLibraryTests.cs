namespace Keyway.IntegrationTests.Clients;

/// <summary>phpredis: sessions of a web server.</summary>
public sealed class PhpTests
{
    [Fact]
    public void Sessions_ThroughKeyway_HoldAsDirectly() => ClientSuite.HoldsAsDirectly("php_sessions.php");
}

/// <summary>Job queues that do real work.</summary>
public sealed class JobQueueTests
{
    [Theory]
    [InlineData("bullmq.js")]
    [InlineData("rq_jobs.py")]
    public void Jobs_ThroughKeyway_AreDoneAsDirectly(string script) => ClientSuite.HoldsAsDirectly(script);
}
