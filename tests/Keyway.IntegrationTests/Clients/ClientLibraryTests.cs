namespace Keyway.IntegrationTests.Clients;

/// <summary>redis-py, each of its parsers.</summary>
public sealed class RedisPyTests
{
    [Theory]
    [InlineData("python")]
    [InlineData("hiredis")]
    public void Suite_ThroughKeyway_HoldsAsDirectly(string parser) => ClientSuite.HoldsAsDirectly("redis_py.py", parser);
}

/// <summary>The libraries of Node.js.</summary>
public sealed class NodeTests
{
    [Fact]
    public void Ioredis_ThroughKeyway_HoldsAsDirectly() => ClientSuite.HoldsAsDirectly("ioredis.js");

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void NodeRedis_ThroughKeyway_HoldsAsDirectly(string resp) => ClientSuite.HoldsAsDirectly("node_redis.js", resp);
}

/// <summary>phpredis: connections of both kinds, and sessions of a web server.</summary>
public sealed class PhpTests
{
    [Fact]
    public void Phpredis_ThroughKeyway_HoldsAsDirectly() => ClientSuite.HoldsAsDirectly("phpredis.php");

    [Fact]
    public void Sessions_ThroughKeyway_HoldAsDirectly() => ClientSuite.HoldsAsDirectly("php_sessions.php");
}

/// <summary>hiredis, the C library.</summary>
public sealed class HiredisTests
{
    [Fact]
    public void Suite_ThroughKeyway_HoldsAsDirectly() => ClientSuite.HoldsAsDirectly("hiredis.c");
}

/// <summary>Job queues that do real work.</summary>
public sealed class JobQueueTests
{
    [Theory]
    [InlineData("bullmq.js")]
    [InlineData("rq_jobs.py")]
    [InlineData("celery_jobs.py")]
    public void Jobs_ThroughKeyway_AreDoneAsDirectly(string script) => ClientSuite.HoldsAsDirectly(script);
}
