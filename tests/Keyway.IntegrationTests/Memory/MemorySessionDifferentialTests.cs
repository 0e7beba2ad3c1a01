using System.Buffers;
using System.Text;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Memory;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Memory;

/// <summary>The memory server must answer every byte as a real redis-server does.</summary>
public sealed class MemorySessionDifferentialTests : IDisposable
{
    private const int GeneratedCommands = 15_000;

    private readonly RedisProcess _redis = RedisProcess.Start();
    private readonly RespClient _client;
    private readonly MemorySession _session = new(new MemoryStore(64 << 20, TimeProvider.System));
    private readonly ArrayBufferWriter<byte> _output = new();

    public MemorySessionDifferentialTests() => _client = _redis.Connect();

    public void Dispose()
    {
        _client.Dispose();
        _redis.Dispose();
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void Process_GeneratedCommands_AnswersAsRedis(int version, int seed)
    {
        Ask(CommandGenerator.Frame(["HELLO", version.ToString()]), out _);
        var generator = new CommandGenerator(seed);
        for (int i = 0; i < GeneratedCommands; i++)
        {
            byte[] request = generator.Next();
            byte[] expected = Ask(request, out byte[] actual);
            AssertSame(request, expected, actual, $"seed {seed}, command {i}: {Show(request)}");
        }
    }

    // What the generator does not make: errors of rare options, of the connection, and texts.
    [Theory]
    [InlineData("PING a b", "PING a", "ECHO", "TIME x", "DBSIZE x", "KEYS", "GET", "SET k", "GETRANGE k 0", "HSET h f", "AUTH")]
    [InlineData("SELECT x", "SELECT 16", "SELECT -1", "SELECT 99999999999", "SELECT 15", "SET k v", "SELECT 0", "GET k", "FLUSHALL", "SELECT 15", "GET k")]
    [InlineData("AUTH x", "AUTH u p", "AUTH default p", "AUTH a b c")]
    [InlineData("HELLO 4", "HELLO x", "HELLO 2 foo", "HELLO 2 AUTH u p", "HELLO 2 AUTH", "HELLO 2 SETNAME a\tb", "HELLO 3 AUTH default p SETNAME n", "GET k", "MGET k", "HMGET h a b", "HELLO 4", "GET k")]
    [InlineData("COMMAND COUNT x", "COMMAND FOO", "COMMAND INFO nosuch", "HELLO 3", "COMMAND INFO nosuch")]
    [InlineData("ROLE", "ROLE x", "CONFIG", "CONFIG GET", "CONFIG GET nosuch", "CONFIG GET databases", "CONFIG GET DATABASE?", "CONFIG NOSUCH", "HELLO 3", "CONFIG GET databases", "ROLE")]
    [InlineData("FLUSHALL x", "FLUSHALL ASYNC", "FLUSHDB SYNC", "FLUSHDB SYNC x")]
    [InlineData("SET k v", "HSET h f v", "SET h v GET", "SET h v NX GET", "SET k w NX GET", "SET q v XX GET", "GETEX h EX 0", "GETEX n EX 0", "GETEX k EX 0")]
    [InlineData("SET k v EX 9223372036854775807", "SET k v PX 9223372036854775807", "SETEX k 0 v", "PSETEX k -1 v", "SET k v PXAT 0", "SET k v EX 1 EX 1000", "TTL k")]
    [InlineData("SET k v", "EXPIRE k 99999999999999999", "EXPIRE k 9223372036854775", "PEXPIRE k 9223372036854775807", "EXPIREAT k 9223372036854775807", "EXPIRE n x", "EXPIRE k x BAD", "EXPIRE k 9 GT LT", "EXPIRE k 9 gt", "EXPIRE k 9 lt", "PEXPIREAT k 5", "EXISTS k")]
    [InlineData("SET k v EXAT 5", "EXISTS k", "SET k v PXAT 5", "GET k", "SET k v", "EXPIRE k 0", "TYPE k", "TTL k", "PTTL k", "PEXPIRETIME k")]
    [InlineData("SET k v", "SETRANGE k 536870912 x", "SETRANGE k -1 x", "SETRANGE k 3 x", "GET k", "SETRANGE n 0 ", "EXISTS n", "HSET h f v", "SETRANGE h 0 x")]
    [InlineData("SET f 1234567.1", "INCRBYFLOAT f 0", "INCRBYFLOAT f 1e400", "INCRBYFLOAT f 1e4931", "INCRBYFLOAT f -1e4931", "INCRBYFLOAT f 1.18973149535723176502e+4932", "INCRBYFLOAT f 1.18973149535723176502e+4932")]
    [InlineData("SET f 0.1", "INCRBYFLOAT f 0.2", "INCRBYFLOAT f 1e-4940", "INCRBYFLOAT f 1e-5000", "INCRBYFLOAT f 17179869184.123456789", "INCRBYFLOAT f -17179869184.423456789", "HINCRBYFLOAT h f inf", "HINCRBYFLOAT h f +nan")]
    [InlineData("SET k v", "SCAN x", "SCAN +", "SCAN ", "HSCAN n -5", "HSCAN k +5", "SCAN 0 COUNT 0", "SCAN 0 COUNT x", "SCAN 0 FOO bar", "SCAN 0 MATCH", "SCAN 0 TYPE zset", "SCAN 99999999999999999999999", "HSCAN k x", "HSCAN k 0", "HSCAN n 0 FOO", "HSET h f v", "HSCAN h 0 TYPE x")]
    [InlineData("RENAME n a", "RENAMENX n n", "SET k v EX 1000", "RENAME k k", "RENAMENX k k", "RENAME k l", "TTL l", "HSET h f v", "RENAME h l", "TTL l", "RENAMENX l k", "TYPE k", "HDEL k f", "EXISTS k")]
    [InlineData("RANDOMKEY", "SET k v", "RANDOMKEY", "HELLO 3", "RANDOMKEY", "DEL k", "RANDOMKEY", "HGETALL n", "HKEYS n", "GETDEL n", "SET n v GET", "INFO nosuch")]
    public void Process_RareCommands_AnswersAsRedis(params string[] commands)
    {
        foreach (string command in commands)
        {
            byte[] request = CommandGenerator.Frame(command.Split(' '));
            byte[] expected = Ask(request, out byte[] actual);
            AssertSame(request, expected, actual, command);
        }
    }

    [Fact]
    public void CommandInfo_EveryCommand_HasRedisFacts()
    {
        foreach (MemoryCommand command in MemoryCommandTable.All)
        {
            byte[] expected = Ask(CommandGenerator.Frame(["COMMAND", "INFO", command.Name]), out byte[] actual);
            Assert.Equal(Facts(expected), Facts(actual));
        }

        // Name, arity, flags, first key, last key, step.
        static List<string> Facts(byte[] reply) => [.. Values(reply).TakeWhile(static value => !value.StartsWith('@')).Take(6)];
    }

    private static void AssertSame(byte[] request, byte[] expected, byte[] actual, string shown)
    {
        // The two read their clocks one after the other: a second may begin between.
        bool isTime = Values(request)[0].ToUpperInvariant() is "TTL" or "EXPIRETIME" && expected[0] == ':' && actual[0] == ':';
        if (isTime && long.Parse(Values(expected)[0]) is var time and > 0)
        {
            Assert.InRange(long.Parse(Values(actual)[0]), time - 1, time + 1);
            return;
        }

        Assert.Equal($"{shown} -> {Show(Normal(request, expected))}", $"{shown} -> {Show(Normal(request, actual))}");
    }

    private byte[] Ask(byte[] request, out byte[] actual)
    {
        _output.ResetWrittenCount();
        _session.Process(request, _output);
        actual = _output.WrittenSpan.ToArray();
        return _client.CallRaw(request);
    }

    /// <summary>What has no order is sorted; the number of a connection is left out.</summary>
    private static byte[] Normal(byte[] request, byte[] reply)
    {
        string command = Values(request)[0].ToUpperInvariant();
        bool unordered = command is "KEYS" or "SCAN" && reply[0] == '*';
        if (unordered || command == "HELLO")
        {
            IEnumerable<string> values = Values(reply);
            values = unordered ? values.Order(StringComparer.Ordinal) : values.Where((v, i) => i == 0 || !long.TryParse(v, out _));
            return Encoding.Latin1.GetBytes(string.Join('|', values));
        }

        return reply;
    }

    private static List<string> Values(byte[] frame)
    {
        var reader = new RespReader(frame);
        var values = new List<string>();
        while (reader.TryReadNext())
        {
            if (!reader.IsAggregate || reader.Type == RespType.Set || reader.IsNull)
            {
                values.Add(reader.Type == RespType.Set ? "set" : Encoding.Latin1.GetString(reader.Bytes));
            }
        }

        return values;
    }

    private static string Show(byte[] bytes) => Encoding.Latin1.GetString(bytes).Replace("\r\n", "~");
}
