using System.Globalization;

namespace Keyway.WriteBehind.Journal.Format;

/// <summary>
/// A segment's file name, <c>FIRST-SALT.journal</c> in hexadecimal: the number of its first record, and the salt of its checksums. Both are in
/// its head too, but a name survives a damaged head.
/// </summary>
internal readonly record struct SegmentName(long First, uint Salt)
{
    private const string Suffix = ".journal";
    private const int FirstDigits = 16;
    private const int SaltDigits = 8;

    /// <summary>The file that says which of the segment's records are complete.</summary>
    internal string Completions => Stem + ".done";

    private string Stem => string.Create(CultureInfo.InvariantCulture, $"{First:x16}-{Salt:x8}");

    /// <summary>The file that keeps damaged bytes found at <paramref name="offset"/>.</summary>
    internal string Corrupt(long offset) => string.Create(CultureInfo.InvariantCulture, $"{Stem}-{offset}.corrupt");

    /// <inheritdoc/>
    public override string ToString() => Stem + Suffix;

    internal static bool TryParse(string file, out SegmentName name)
    {
        name = default;
        if (file.Length != FirstDigits + 1 + SaltDigits + Suffix.Length || !file.EndsWith(Suffix, StringComparison.Ordinal) || file[FirstDigits] != '-'
            || !long.TryParse(file.AsSpan(0, FirstDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long first)
            || !uint.TryParse(file.AsSpan(FirstDigits + 1, SaltDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint salt)
            || first <= 0)
        {
            return false;
        }

        name = new SegmentName(first, salt);
        return true;
    }
}
