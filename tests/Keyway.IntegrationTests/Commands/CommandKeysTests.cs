using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Commands;

/// <summary>Our key finder against the server's own.</summary>
public sealed class CommandKeysTests
{
    [Fact]
    public void Find_EveryExample_FindsTheKeysThatTheServerFinds()
    {
        using RedisProcess redis = RedisProcess.Start();
        using RespClient client = redis.Connect();
        List<string> differences = [];
        foreach (string request in CommandExamples.Requests)
        {
            KeyStatus status = Find(request, out string ours);
            RespValue theirs = client.Call(["COMMAND", "GETKEYS", .. request.Split(' ')]);
            bool alike = status == KeyStatus.Found ? ours == Words(theirs) : SaysNoKeys(theirs);
            if (!alike)
            {
                differences.Add($"{request}: we find '{ours}' ({status}), the server '{theirs}'");
            }
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void Find_NoKeys_WhereTheServerFindsNone()
    {
        using RedisProcess redis = RedisProcess.Start();
        using RespClient client = redis.Connect();
        foreach (string request in CommandExamples.WithoutKeys)
        {
            Assert.NotEqual(KeyStatus.Found, Find(request, out _));
            Assert.True(SaysNoKeys(client.Call(["COMMAND", "GETKEYS", .. request.Split(' ')])), request);
        }
    }

    [Fact]
    public void Examples_OfEveryCommandWithKeys_AreThere()
    {
        HashSet<string> shown = [.. CommandExamples.Requests.Select(request => CommandOf(request.Split(' ')).Name)];
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            bool isKnownToTheServer = CommandTables.Rows("redis-commands.tsv").Exists(row => row[0] == command.Name);
            bool hasKeys = command.KeySpecs.ToArray().Any(spec => spec.IsSearchable);

            Assert.True(!hasKeys || !isKnownToTheServer || shown.Contains(command.Name), $"no example of {command}");
        }
    }

    [Fact]
    public void PlainRange_EveryExample_IsWhatTheFinderFinds()
    {
        foreach (string request in CommandExamples.Requests)
        {
            string[] words = request.Split(' ');
            CommandInfo command = CommandOf(words);
            if (command.FirstKey > 0)
            {
                int last = command.LastKey < 0 ? words.Length + command.LastKey : command.LastKey;
                IEnumerable<string> range = Enumerable.Range(0, ((last - command.FirstKey) / command.KeyStep) + 1)
                    .Select(i => words[command.FirstKey + (i * command.KeyStep)]);
                Find(request, out string found);

                Assert.Equal(found, string.Join(' ', range));
            }
        }
    }

    /// <summary>Scripts may come without keys: the server's list is empty then. Of other commands it is an error.</summary>
    private static bool SaysNoKeys(RespValue reply) => reply.IsError || reply.Items.Count == 0;

    private static string Words(RespValue reply) => string.Join(' ', reply.Items.Select(item => item.Text));

    private static KeyStatus Find(string request, out string keys)
    {
        string[] words = request.Split(' ');
        byte[] frame = Encoding.ASCII.GetBytes($"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n")));
        RequestArgs args = new();
        int start = 0;
        foreach (string word in words)
        {
            start = Array.IndexOf(frame, (byte)'$', start);
            start = Array.IndexOf(frame, (byte)'\n', start) + 1;
            args.Add(start, word.Length);
            start += word.Length;
        }

        KeyList list = new();
        KeyStatus status = KeyFinder.Find(CommandOf(words), frame, args, list);
        keys = string.Join(' ', list.Indexes.ToArray().Select(index => words[index]));
        return status;
    }

    private static CommandInfo CommandOf(string[] words) =>
        CommandTable.BuiltIn.Resolve(Encoding.ASCII.GetBytes(words[0]), Encoding.ASCII.GetBytes(words.Length > 1 ? words[1] : ""))!;
}
