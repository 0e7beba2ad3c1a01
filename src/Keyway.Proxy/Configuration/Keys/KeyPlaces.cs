namespace Keyway.Proxy.Configuration.Keys;

/// <summary>Where in a file of Keyway's own a key belongs, for one that stands elsewhere.</summary>
internal static class KeyPlaces
{
    /// <summary>The place as a message says it, or null for a name that is no key anywhere.</summary>
    public static string? Of(string name) =>
        Has(RootKeys.Section, name) ? "to the top of the file"
        : Has(PoolKeys.Section, name) ? "to a pool: pools, the pool's name, and below it its keys"
        : Has(LimitsKeys.Section, name) ? "under 'limits' of a pool"
        : Has(RootKeys.Log, name) ? "under 'log' at the top of the file"
        : null;

    private static bool Has<TRecord>(Section<TRecord> section, string name) =>
        section.Keys.Any(k => k.Shapes.HasFlag(ConfigShape.Keyway) && string.Equals(k.Name, name, StringComparison.Ordinal));
}
