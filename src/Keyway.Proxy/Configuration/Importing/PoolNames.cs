namespace Keyway.Proxy.Configuration.Importing;

/// <summary>Names that Keyway's own files allow.</summary>
internal static class PoolNames
{
    /// <summary>The name with a hyphen for every other character than letters, digits, '_', '-' and '.'.</summary>
    public static string Plain(string name) => new([.. name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '-')]);
}
