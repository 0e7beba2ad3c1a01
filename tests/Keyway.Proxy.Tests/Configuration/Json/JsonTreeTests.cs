using System.Net;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Configuration.Json;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Tests.Configuration.Json;

public sealed class JsonTreeTests
{
    [Fact]
    public void Load_Values_KnowTheirPlacesAndTypes()
    {
        var root = (SequenceNode)Load("[\n  {\"é\": \"x\", \"n\": 5,\n   \"list\": [1.5, true, null]}\n]")!;

        var pool = (MappingNode)root.Items[0];
        var list = (SequenceNode)pool.Find("list")!.Value;
        Assert.Equal((2, 3, "[0]"), (pool.Line, pool.Column, pool.Path));
        Assert.Equal((2, 9, "[0].é"), (pool.Entries[0].Value.Line, pool.Entries[0].Value.Column, pool.Entries[0].Value.Path));
        Assert.Equal((2, 14), (pool.Entries[1].Key.Line, pool.Entries[1].Key.Column));
        Assert.Equal((3, 18, "[0].list[1]"), (list.Items[1].Line, list.Items[1].Column, list.Items[1].Path));
        Assert.Equal(
            [ScalarType.Float, ScalarType.Boolean, ScalarType.Untyped],
            list.Items.Cast<ScalarNode>().Select(s => s.Type));
        Assert.True(((ScalarNode)list.Items[2]).IsNull);
    }

    [Theory]
    [InlineData("", "f:1:1: this is not JSON (")]
    [InlineData("[\n {\"a\": }\n]", "f:2:8: this is not JSON (")]
    [InlineData("[{\"a\": 1,}]", "f:1:10: this is not JSON (")]
    [InlineData("[1] x", "f:1:5: this is not JSON (")]
    [InlineData("[{\"é\": tru}]", "f:1:")]
    [InlineData("[{\n\"a\": \"\\ud800\"}]", "f:2:6: this is not JSON (a text with half a character)")]
    [InlineData("[{\"\\udc00\": 1}]", "f:1:3: this is not JSON (a text with half a character)")]
    [InlineData("[ // no comments\n]", "f:1:3: this is not JSON (")]
    public void Load_AMistake_IsReportedAtItsPlace(string text, string beginning)
    {
        Reading reading = NewReading();

        Assert.Null(JsonTree.Load(text, reading));

        string problem = Assert.Single(reading.Finish(config: null).Problems).ToString();
        Assert.StartsWith(beginning, problem);
        Assert.DoesNotContain("BytePosition", problem);
    }

    [Fact]
    public void Load_EveryBeginningOfAFile_EndsWithoutThrowing()
    {
        const string Text = "[\n {\"é\": [1.5e3, \"\\u00e9\", true, null],\r\n \"b\": {}}\n]";

        for (int length = 0; length <= Text.Length; length++)
        {
            JsonTree.Load(Text[..length], NewReading());
        }
    }

    [Fact]
    public void Load_NestedTooDeeply_IsRefused()
    {
        Reading reading = NewReading();

        Assert.Null(JsonTree.Load(new string('[', 100) + new string(']', 100), reading));
        Assert.Single(reading.Finish(config: null).Problems);
    }

    private static ConfigNode? Load(string text) => JsonTree.Load(text, NewReading());

    private static Reading NewReading() => new("f", new ConfigSurroundings(_ => null, _ => IPAddress.None));
}
