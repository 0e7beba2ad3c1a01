using System.Text.RegularExpressions;
using Keyway.IntegrationTests.Proxy;

namespace Keyway.IntegrationTests.Clients;

/// <summary>redis-cli and redis-benchmark.</summary>
public sealed partial class RedisToolTests
{
    // Each a line for bash; $cli is redis-cli with address and password. The output has to be the same, directly and through Keyway.
    public static TheoryData<string> Lines => new(
        "$cli PING; $cli SET key value EX 100; $cli GET key; $cli TTL key; $cli INCR key; $cli NOSUCH a b; $cli GET",
        "$cli -n 3 SET key three; $cli -n 3 GET key; $cli GET key; $cli -n 999 GET key",
        "$cli HSET hash a 1 b 2; $cli HGETALL hash; $cli -3 HGETALL hash; $cli -3 --json HGETALL hash; $cli --csv HGETALL hash; $cli --raw HGET hash a",
        "$cli -3 SADD set x; $cli -3 SMEMBERS set; $cli -3 ZADD sorted 1.5 m; $cli -3 ZSCORE sorted m; $cli -3 GET none; $cli GET none",
        "printf 'value from\\nstandard input' | $cli -x SET input; $cli --no-raw GET input",
        "for i in $(seq 300); do echo SET many:$i $i; done | $cli | sort | uniq -c; $cli --scan --pattern 'many:*' --count 50 | sort | md5sum",
        "for i in $(seq 300); do printf 'SET piped:%d %d\\r\\n' $i $i; done | $cli --pipe; $cli DBSIZE",
        "printf 'MULTI\\nSET tx 1\\nINCR tx\\nLPUSH tx x\\nEXEC\\nGET tx\\nMULTI\\nSET tx 5\\nDISCARD\\nGET tx\\nEXEC\\nMULTI\\nNOSUCH\\nEXEC\\n' | $cli",
        "printf 'WATCH w\\nSET w 1\\nMULTI\\nSET w 2\\nEXEC\\nUNWATCH\\nMULTI\\nGET w\\nEXEC\\n' | $cli",
        "printf 'return {KEYS[1], ARGV[1], ARGV[2]}' > $dir/s.lua; $cli --eval $dir/s.lua k , 'a b' c; $cli EVAL 'return redis.error_reply(\"MINE\")' 0",
        "$cli RPUSH list a b; $cli BLPOP none list 1; $cli BLMPOP 1 1 list LEFT; $cli BRPOP list 0.1; $cli -3 BLPOP list 0.1",
        "(sleep 0.3; $cli RPUSH late element >/dev/null) & $cli BLPOP late 5; wait",
        "$cli XADD stream 1-1 f v; $cli XGROUP CREATE stream group 0; $cli XREADGROUP GROUP group me BLOCK 100 STREAMS stream '>'; $cli XREAD BLOCK 100 STREAMS stream '$'",
        "(sleep 0.4; $cli PUBLISH news hello >/dev/null; $cli PUBLISH news2 there >/dev/null) & timeout 1 $cli SUBSCRIBE news other; wait",
        "(sleep 0.4; $cli PUBLISH news hello >/dev/null; $cli PUBLISH news2 there >/dev/null) & timeout 1 $cli -3 PSUBSCRIBE 'n*'; wait",
        "$cli SET big 0123456789; $cli --bigkeys | grep -v '%'; $cli --memkeys | grep -c summary",
        "$cli CLIENT SETNAME me; printf 'CLIENT SETNAME me\\nCLIENT GETNAME\\n' | $cli; $cli OBJECT ENCODING big; $cli COMMAND COUNT",
        "$cli CONFIG GET maxmemory-policy; $cli OBJECT HELP | head -1; $cli COMMAND GETKEYS MSET a 1 b 2; $cli ACL WHOAMI; $cli -a wrong PING",
        "$cli -r 3 -i 0.01 INCR counter; $cli -d , LRANGE list 0 -1; $cli -D '' PING; $cli -e GET; echo $?",
        "$cli SET dumped value; $cli --raw DUMP dumped | head -c -1 | $cli -x RESTORE restored 0; $cli GET restored; $cli COPY dumped copied; $cli RENAME copied renamed");

    [Theory]
    [MemberData(nameof(Lines))]
    public void RedisCli_ThroughKeyway_PrintsTheSame(string line)
    {
        using var direct = ClientTarget.Direct();
        using var keyway = ClientTarget.ThroughKeyway();

        Assert.Equal(Output(direct, line), Output(keyway, line));
    }

    [Theory]
    [InlineData("-c", "20", "-P", "1")]
    [InlineData("-c", "5", "-P", "16")]
    [InlineData("-c", "20", "-P", "4", "-3")]
    public void RedisBenchmark_AllItsTests_EndsWithoutErrors(params string[] options)
    {
        using var keyway = ClientTarget.ThroughKeyway();

        var output = Tool.Run("redis-benchmark", ["-p", $"{keyway.Port}", "-a", ClientTarget.Password, "-n", "1000", "-q", .. options]);

        Assert.DoesNotContain("rror", output);
        Assert.True(Result().Count(output) >= 18, output);
    }

    private static string Output(ClientTarget target, string line)
    {
        using var directory = new TemporaryDirectory();
        var script = $"cli='redis-cli -p {target.Port} -a {ClientTarget.Password} --no-auth-warning'; dir={directory.Path}; {line}";
        return Tool.Run("bash", "-c", $"({script}) 2>&1; exit 0");
    }

    [GeneratedRegex(@"[0-9.]+ requests per second", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Result();

    private sealed class TemporaryDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("keyway-cli-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
