using System.Globalization;
using System.Net;
using Keyway.Proxy.Configuration.Keys;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Importing;

/// <summary>A pool as it is being made from another program's file.</summary>
internal sealed class ImportedPool(string name, ConfigNode source, Reading reading)
{
    private readonly List<ImportedKey> _keys = [];
    private readonly List<string> _remarks = [];

    public string Name { get; } = name;

    /// <summary>What the pool is in the other program's file.</summary>
    public ConfigNode Source { get; } = source;

    public IReadOnlyList<ImportedKey> Keys => _keys;

    /// <summary>What a reader of the new file should know of the pool as a whole.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    public void Remark(string text) => _remarks.Add(text);

    /// <summary>Something could not be carried over: it is said now, and stands in the new file.</summary>
    public void Warn(ConfigNode node, string message, string remedy)
    {
        reading.Warn(node, message, remedy);
        _remarks.Add(node.Line == 0 ? message : string.Create(CultureInfo.InvariantCulture, $"line {node.Line}: {message}"));
    }

    public void Set(string key, ConfigNode from, string value, string? origin = null) =>
        _keys.Add(new ImportedKey(key, Scalar(from, value), origin));

    public void Set(string key, ConfigNode from, long value, string? origin = null) =>
        Set(key, from, value.ToString(CultureInfo.InvariantCulture), origin);

    public void Set(string key, ConfigNode from, TimeSpan value, string? origin = null) => Set(key, from, Durations.Format(value), origin);

    public void Set(string key, ConfigNode from, bool value, string? origin = null) => Set(key, from, value ? "true" : "false", origin);

    public void SetList(string key, ConfigNode from, IEnumerable<(ConfigNode From, string Value)> items, string? origin = null) =>
        _keys.Add(new ImportedKey(
            key, new SequenceNode(from.Path, from.Line, from.Column, [.. items.Select(i => Scalar(i.From, i.Value))]), origin));

    /// <summary>
    /// Sets <c>listen</c> (or the key given), and <c>open</c> if other machines can reach the address and there is no <paramref name="hasPassword"/>: other
    /// programs ask nobody whether that is meant.
    /// </summary>
    public void Listen(ConfigNode from, string address, bool hasPassword, string? origin = null, string key = "listen") =>
        Listen(from, [address], hasPassword, origin, key);

    /// <summary>As the other, for several addresses.</summary>
    public void Listen(ConfigNode from, IReadOnlyList<string> addresses, bool hasPassword, string? origin = null, string key = "listen")
    {
        if (addresses.Count == 1)
        {
            Set(key, from, addresses[0], origin);
        }
        else
        {
            SetList(key, from, addresses.Select(a => (from, a)), origin);
        }

        var kind = new ListenKind();
        IPEndPoint? exposed = addresses
            .Select(a => kind.TryRead(Scalar(from, a), reading, out ListenConfig? listen) ? listen.EndPoint : null)
            .FirstOrDefault(e => e is not null && !IPAddress.IsLoopback(e.Address));
        if (exposed is not null && !hasPassword)
        {
            Warn(from, $"{exposed} is open to the network without a password", "listen on 127.0.0.1 or a unix socket if only this machine uses it");
            Set("open", from, value: true);
        }
    }

    public MappingNode ToTree() => new(Source.Path, Source.Line, Source.Column, [.. _keys.Select(k => k.ToEntry())]);

    private static ScalarNode Scalar(ConfigNode from, string value) => new(from.Path, from.Line, from.Column, value, isNull: false);
}
