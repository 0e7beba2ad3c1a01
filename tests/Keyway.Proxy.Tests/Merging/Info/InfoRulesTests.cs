using Keyway.Proxy.Merging.Info;

namespace Keyway.Proxy.Tests.Merging.Info;

public sealed class InfoRulesTests
{
    public static TheoryData<string, string> Rules => new()
    {
        { "redis_version", nameof(InfoRule.First) },
        { "role", nameof(InfoRule.First) },
        { "total_system_memory", nameof(InfoRule.First) },
        { "dbx", nameof(InfoRule.First) },
        { "db", nameof(InfoRule.First) },
        { "connected_clients", nameof(InfoRule.Sum) },
        { "used_memory", nameof(InfoRule.Sum) },
        { "used_memory_rss", nameof(InfoRule.Sum) },
        { "used_cpu_user", nameof(InfoRule.Sum) },
        { "total_commands_processed", nameof(InfoRule.Sum) },
        { "keyspace_hits", nameof(InfoRule.Sum) },
        { "expired_keys", nameof(InfoRule.Sum) },
        { "instantaneous_ops_per_sec", nameof(InfoRule.Sum) },
        { "db0", nameof(InfoRule.Counts) },
        { "db15", nameof(InfoRule.Counts) },
        { "cmdstat_config|get", nameof(InfoRule.Counts) },
        { "errorstat_ERR", nameof(InfoRule.Counts) },
        { "used_memory_human", nameof(InfoRule.Human) },
        { "used_memory_peak_perc", nameof(InfoRule.Drop) },
        { "mem_fragmentation_ratio", nameof(InfoRule.Drop) },
        { "latency_percentiles_usec_get", nameof(InfoRule.Drop) },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void For_Name_Rule(string name, string rule) => Assert.Equal(rule, InfoRules.For(name).ToString());
}
