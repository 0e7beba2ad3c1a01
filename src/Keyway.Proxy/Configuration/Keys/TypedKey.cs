using System.Text.Json.Nodes;
using Keyway.Proxy.Configuration.Values;
using Keyway.Proxy.Configuration.Yaml;

namespace Keyway.Proxy.Configuration.Keys;

/// <summary>A key with its kind of value and the property that it sets.</summary>
internal sealed class TypedKey<TRecord, TValue>(
    string name, ValueKind<TValue> kind, Func<TRecord, TValue> get, Func<TRecord, TValue, TRecord> set, string description)
    : ConfigKey<TRecord>(name, description)
{
    public override string Describe() => kind.Describe();

    public override string Default(TRecord defaults) => Required ? "required" : kind.Format(get(defaults));

    public override JsonObject Schema()
    {
        JsonObject schema = kind.Schema();
        schema["description"] = Description;
        return schema;
    }

    public override TRecord Read(TRecord record, ConfigNode node, Reading reading)
    {
        if (!kind.TryRead(node, reading, out TValue? value))
        {
            return record;
        }

        if (reading.IsNutcracker && IgnoredInNutcracker is { } reason)
        {
            reading.Warn(node, $"{node.Path} has no effect, {reason}", "use Keyway's own shape of file to set it");
            return record;
        }

        return set(record, value);
    }
}
