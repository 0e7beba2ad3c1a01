using System.Net;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Configuration.Toml;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Tests.Configuration.Toml;

public sealed class TomlTreeTests
{
    [Fact]
    public void Load_ARelayerFile_IsItsTree()
    {
        MappingNode root = Load("""
            # comment
            GOGC = 1_000   # behind a value
            "quoted key" = 'C:\no\escapes'

            [[relayer]]
              listen = "tcp://:6389"
              ratio = -1.5e+3
              compress = true
            [other]
            	list = [ "a", 'b', # in between
              3,
            ]
            [[ relayer ]]
            empty = []
            text = "tab\t quote\" back\\ \u00e9 \U0001F600"
            """);

        Assert.Equal(
            "{GOGC: Integer 1000, quoted key: Text C:\\no\\escapes, relayer: [{listen: Text tcp://:6389, ratio: Float -1.5e+3, compress: Boolean true}, "
            + "{empty: [], text: Text tab\t quote\" back\\ \u00e9 \U0001F600}], other: {list: [Text a, Text b, Integer 3]}}",
            Show(root));
    }

    [Fact]
    public void Load_WindowsLineEndsAndByteOrderMark_AreAsOthers() =>
        Assert.Equal("{a: Integer 1, b: Integer 2}", Show(Load("\ufeffa = 1\r\n# x\r\nb = 2\r\n")));

    [Theory]
    [InlineData("0", ScalarType.Integer)]
    [InlineData("+7", ScalarType.Integer)]
    [InlineData("-1_2", ScalarType.Integer)]
    [InlineData("0.5", ScalarType.Float)]
    [InlineData("1e3", ScalarType.Float)]
    [InlineData("-2_0.1_5E-1", ScalarType.Float)]
    [InlineData("false", ScalarType.Boolean)]
    public void Load_AWord_HasItsType(string word, object type) =>
        Assert.Equal(type, ((ScalarNode)Load($"k = {word}").Find("k")!.Value).Type);

    [Fact]
    public void Load_Values_KnowTheirPlaces()
    {
        MappingNode root = Load("a = 1\n[[relayer]]\n  url = \"x\"\n  list = [\n    'é', 'z']");

        var relayer = (MappingNode)((SequenceNode)root.Find("relayer")!.Value).Items[0];
        Assert.Equal((2, 1, "relayer[0]"), (relayer.Line, relayer.Column, relayer.Path));
        Assert.Equal((3, 9, "relayer[0].url"), Place(relayer.Find("url")!.Value));
        Assert.Equal((5, 10, "relayer[0].list[1]"), Place(((SequenceNode)relayer.Find("list")!.Value).Items[1]));
    }

    [Theory]
    [InlineData("a", "1:2: no value for 'a'; write key = value")]
    [InlineData("a =", "1:4: no value; write a string in quotation marks, a number, true or false")]
    [InlineData("a = yes", "1:5: 'yes' is no value; write a string in quotation marks, a decimal number, true or false (in small letters)")]
    [InlineData("a = True", "1:5: 'True' is no value; *")]
    [InlineData("a = 0x1f", "1:5: '0x1f' is no value; *")]
    [InlineData("a = 01", "1:5: '01' is no value; *")]
    [InlineData("a = 1__0", "1:5: '1__0' is no value; *")]
    [InlineData("a = 1.", "1:5: '1.' is no value; *")]
    [InlineData("a = 1e", "1:5: '1e' is no value; *")]
    [InlineData("a = inf", "1:5: 'inf' is no value; *")]
    [InlineData("a = 1979-05-27T07:32:00Z", "1:5: '1979-05-27T07:32:00Z' is no value; *")]
    [InlineData("a = 1 2", "1:7: '2' behind the value; begin a new line, or put a # before a comment")]
    [InlineData("a = \"x\" b = 1", "1:9: 'b' behind the value; *")]
    [InlineData("\na = \"x\n", "2:5: the string has no end in its line; close it with \"")]
    [InlineData("a = 'x", "1:5: the string has no end in its line; close it with '")]
    [InlineData("a = \"x\\", "1:7: an unknown escape; *")]
    [InlineData("a = \"\\q\"", "1:6: an unknown escape; *")]
    [InlineData("a = \"\\u12g4\"", "1:6: an unknown escape; *")]
    [InlineData("a = \"\\uD800\"", "1:6: an unknown escape; *")]
    [InlineData("a = \"x\u0007\"", "1:7: a control character in a string; *")]
    [InlineData("a = \"\"\"x\"\"\"", "1:5: strings of several lines are not understood; *")]
    [InlineData("a = '''x'''", "1:5: strings of several lines are not understood; *")]
    [InlineData("a = {b = 1}", "1:5: tables in braces are not understood; *")]
    [InlineData("a = [1,\n 2", "1:5: the list has no end; close it with ]")]
    [InlineData("a = [1 2]", "1:8: the list does not go on; write , before the next value or ] at the end")]
    [InlineData("a = [,]", "1:6: no value; *")]
    [InlineData("a = [[1]]", "1:6: a list in a list is not understood; *")]
    [InlineData("a.b = 1", "1:2: no value for 'a'; keys with a point are not understood, write a plain one")]
    [InlineData("= 1", "1:1: a name was expected; *")]
    [InlineData("é = 1", "1:1: a name was expected; *")]
    [InlineData("; ini", "1:1: a name was expected; *")]
    [InlineData("[]", "1:2: a name was expected; *")]
    [InlineData("[a", "1:3: the table's name does not end; close it with ]")]
    [InlineData("[[a]", "1:4: the table's name does not end; close it with ]]")]
    [InlineData("[a.b]", "1:3: the table's name does not end; names with a point are not understood, write a plain one")]
    [InlineData("[a] b = 1", "1:5: 'b' behind the value; *")]
    [InlineData("a = 1\n\n a = 2", "3:2: 'a' is given twice; keep one of them (the first is in line 1)")]
    [InlineData("[a]\n[a]", "2:2: 'a' is given twice; *")]
    [InlineData("[a]\n[[a]]", "2:3: 'a' is given twice; *")]
    [InlineData("[[a]]\n[a]", "2:2: 'a' is given twice; *")]
    public void Load_AMistake_IsReportedAtItsPlace(string text, string expected)
    {
        var reading = NewReading();

        Assert.Null(TomlTree.Load(text, reading));

        string problem = Assert.Single(reading.Finish(config: null).Problems).ToString();
        if (expected.EndsWith('*'))
        {
            Assert.StartsWith($"f:{expected[..^1]}", problem);
        }
        else
        {
            Assert.Equal($"f:{expected}", problem);
        }
    }

    [Fact]
    public void Load_EveryBeginningOfAFile_EndsWithoutThrowing()
    {
        const string Text = "a = \"x\\u00e9\" # c\n[t]\nb = [1, 'y',\n2.5e1]\n[[relayer]]\r\nc = true\n";

        for (int length = 0; length <= Text.Length; length++)
        {
            TomlTree.Load(Text[..length], NewReading());
        }
    }

    private static (long Line, long Column, string Path) Place(ConfigNode node) => (node.Line, node.Column, node.Path);

    private static MappingNode Load(string text)
    {
        var reading = NewReading();
        MappingNode? root = TomlTree.Load(text, reading);
        Assert.Empty(reading.Finish(config: null).Problems);
        return root!;
    }

    private static Reading NewReading() => new("f", new ConfigSurroundings(_ => null, _ => IPAddress.None));

    private static string Show(ConfigNode node) => node switch
    {
        ScalarNode scalar => $"{scalar.Type} {scalar.Value}",
        SequenceNode list => $"[{string.Join(", ", list.Items.Select(Show))}]",
        MappingNode mapping => $"{{{string.Join(", ", mapping.Entries.Select(e => $"{e.Key.Value}: {Show(e.Value)}"))}}}",
        _ => "",
    };
}
