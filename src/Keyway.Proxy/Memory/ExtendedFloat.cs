using System.Globalization;
using System.Numerics;
using System.Text;

namespace Keyway.Proxy.Memory;

/// <summary>
/// A number with a mantissa of 64 bits: the <c>long double</c> of x86, in which Redis calculates INCRBYFLOAT. Its rounding is
/// visible in replies, so that a double or a decimal would not do. The value is Mantissa * 2^Exponent; what is too large for the
/// exponent stands for infinity.
/// </summary>
internal readonly record struct ExtendedFloat(BigInteger Mantissa, int Exponent)
{
    private const int Precision = 64;

    // Above 2^16384 is infinity; a number of less than 2^-16445 is none.
    private const int HighestBit = 16384;
    private const int LowestBit = -16445;

    // Redis's MAX_LONG_DOUBLE_CHARS.
    private const int LongestText = 5 * 1024;

    // printf("%.17Lf"), of which Redis drops the zeros at the end.
    private const int Decimals = 17;

    // One bit beyond the largest number.
    private static ExtendedFloat Infinity => new(BigInteger.One, HighestBit);

    /// <summary>Reads a decimal number, with or without fraction and exponent, or infinity; false for all else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ExtendedFloat value)
    {
        value = default;
        if (text.Length is 0 or >= LongestText)
        {
            return false;
        }

        bool negative = text[0] == '-';
        int at = text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (Ascii.EqualsIgnoreCase(text[at..], "inf"u8) || Ascii.EqualsIgnoreCase(text[at..], "infinity"u8))
        {
            value = Infinity;
            return true;
        }

        var digits = new StringBuilder("0");
        at = TakeDigits(text, at, digits);
        int whole = digits.Length;
        if (at < text.Length && text[at] == '.')
        {
            at = TakeDigits(text, at + 1, digits);
        }

        if (digits.Length == 1)
        {
            return false;
        }

        int scale = whole - digits.Length;
        if (at < text.Length)
        {
            ReadOnlySpan<byte> exponent = text[(at + 1)..];
            if ((text[at] | 0x20) != 'e' || !int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int power)
                || Math.Abs((long)power) > 2 * LongestText)
            {
                return false;
            }

            scale += power;
        }

        BigInteger mantissa = BigInteger.Parse(digits.ToString(), CultureInfo.InvariantCulture);
        value = Scaled(negative ? -mantissa : mantissa, scale);
        return value.IsFinite && (mantissa.IsZero || value.TopBit > LowestBit);
    }

    /// <summary>False for infinity and for sums with it.</summary>
    public bool IsFinite => TopBit <= HighestBit;

    private int TopBit => Mantissa.IsZero ? 0 : (int)BigInteger.Abs(Mantissa).GetBitLength() + Exponent;

    /// <summary>The sum, rounded.</summary>
    public static ExtendedFloat operator +(ExtendedFloat left, ExtendedFloat right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return Infinity;
        }

        int exponent = Math.Min(left.Exponent, right.Exponent);
        return Round((left.Mantissa << (left.Exponent - exponent)) + (right.Mantissa << (right.Exponent - exponent)), exponent, false);
    }

    /// <summary>The number as Redis shows it: 17 decimals, without zeros at the end.</summary>
    public override string ToString()
    {
        BigInteger scaled = BigInteger.Abs(Mantissa) * BigInteger.Pow(10, Decimals);
        scaled = Exponent >= 0 ? scaled << Exponent : ShiftToEven(scaled, -Exponent, false);
        string digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        string text = $"{digits[..^Decimals]}.{digits[^Decimals..]}".TrimEnd('0').TrimEnd('.');
        return Mantissa.Sign < 0 && text is not "0" ? "-" + text : text;
    }

    private static int TakeDigits(ReadOnlySpan<byte> text, int at, StringBuilder digits)
    {
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
        {
            digits.Append((char)text[at]);
        }

        return at;
    }

    /// <summary>number * 10^scale, rounded once.</summary>
    private static ExtendedFloat Scaled(BigInteger number, int scale)
    {
        if (scale >= 0)
        {
            return Round(number * BigInteger.Pow(10, scale), 0, false);
        }

        // Enough bits that the quotient has more than the precision; what is left over only decides a tie.
        BigInteger divisor = BigInteger.Pow(10, -scale);
        int shift = Precision + 2 + (int)divisor.GetBitLength();
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(number) << shift, divisor, out BigInteger remainder);
        return Round(number.Sign < 0 ? -quotient : quotient, -shift, !remainder.IsZero);
    }

    private static ExtendedFloat Round(BigInteger mantissa, int exponent, bool inexact)
    {
        int surplus = (int)BigInteger.Abs(mantissa).GetBitLength() - Precision;
        if (surplus <= 0)
        {
            return new ExtendedFloat(mantissa, exponent);
        }

        BigInteger rounded = ShiftToEven(BigInteger.Abs(mantissa), surplus, inexact);
        return new ExtendedFloat(mantissa.Sign < 0 ? -rounded : rounded, exponent + surplus);
    }

    /// <summary>value / 2^bits to the nearest, a tie to even; <paramref name="inexact"/>: the value is a little more than it says.</summary>
    private static BigInteger ShiftToEven(BigInteger value, int bits, bool inexact)
    {
        BigInteger result = value >> bits;
        BigInteger rest = value - (result << bits);
        int order = rest.CompareTo(BigInteger.One << (bits - 1));
        bool up = order > 0 || (order == 0 && (inexact || !result.IsEven));
        return up ? result + 1 : result;
    }
}
