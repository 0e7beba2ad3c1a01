using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Keyway.Proxy.Configuration;

namespace Keyway.Proxy.Relay.Records;

/// <summary>
/// JSON strings, escaped as Go's encoder does it, which smart-relayer's records have: also <c>&lt; &gt; &amp;</c> and the two line separators of
/// Unicode. Bytes that are not UTF-8 are kept (<see cref="BinaryText"/>); where they are escaped, so is every text that could be taken for an escaped one.
/// </summary>
internal static class JsonText
{
    private const byte LineSeparatorLead = 0xE2; // of U+2028 and U+2029, and of others

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static control => (byte)control), .. "\"\\<>&"u8, LineSeparatorLead]);

    /// <summary>A value: a string, or with <see cref="BinaryText.Base64"/> an object if it is not UTF-8.</summary>
    internal static void WriteValue(RecordText text, ReadOnlySpan<byte> value, BinaryText binary)
    {
        if (binary == BinaryText.Escape)
        {
            WriteKey(text, value);
        }
        else if (Utf8.IsValid(value))
        {
            WriteString(text, value);
        }
        else
        {
            text.Write("{\"base64\":\""u8);
            text.WriteBase64(value);
            text.Write("\"}"u8);
        }
    }

    /// <summary>A key, or another string that has to be one: what is not UTF-8 is escaped.</summary>
    internal static void WriteKey(RecordText text, ReadOnlySpan<byte> key)
    {
        if (Utf8.IsValid(key) && !LooksEscaped(key))
        {
            WriteString(text, key);
        }
        else
        {
            WriteEscaped(text, key);
        }
    }

    /// <summary>A string of valid UTF-8.</summary>
    internal static void WriteString(RecordText text, ReadOnlySpan<byte> utf8)
    {
        text.Write((byte)'"');
        WriteContent(text, utf8);
        text.Write((byte)'"');
    }

    /// <summary>True if <c>\x</c> and two hexadecimal digits are in it.</summary>
    private static bool LooksEscaped(ReadOnlySpan<byte> bytes)
    {
        for (int at = bytes.IndexOf("\\x"u8); at >= 0;)
        {
            bytes = bytes[(at + 2)..];
            if (bytes.Length >= 2 && char.IsAsciiHexDigit((char)bytes[0]) && char.IsAsciiHexDigit((char)bytes[1]))
            {
                return true;
            }

            at = bytes.IndexOf("\\x"u8);
        }

        return false;
    }

    private static void WriteContent(RecordText text, ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty && !text.IsTooLong)
        {
            int plain = utf8.IndexOfAny(Special);
            if (plain < 0)
            {
                text.Write(utf8);
                return;
            }

            text.Write(utf8[..plain]);
            utf8 = utf8[(plain + WriteSpecial(text, utf8[plain..]))..];
        }
    }

    /// <summary>Writes what the bytes begin with; returns how many it took.</summary>
    private static int WriteSpecial(RecordText text, ReadOnlySpan<byte> utf8)
    {
        byte first = utf8[0];
        switch (first)
        {
            case (byte)'"' or (byte)'\\':
                text.Write((byte)'\\');
                text.Write(first);
                return 1;
            case (byte)'\n':
                text.Write("\\n"u8);
                return 1;
            case (byte)'\r':
                text.Write("\\r"u8);
                return 1;
            case (byte)'\t':
                text.Write("\\t"u8);
                return 1;
            case LineSeparatorLead:
                bool isSeparator = utf8.Length >= 3 && utf8[1] == 0x80 && utf8[2] is 0xA8 or 0xA9;
                text.Write(isSeparator ? utf8[2] == 0xA8 ? "\\u2028"u8 : "\\u2029"u8 : utf8[..1]);
                return isSeparator ? 3 : 1;
            default:
                text.Write("\\u00"u8);
                WriteHex(text, first);
                return 1;
        }
    }

    private static void WriteEscaped(RecordText text, ReadOnlySpan<byte> bytes)
    {
        text.Write((byte)'"');
        while (!bytes.IsEmpty && !text.IsTooLong)
        {
            bool isText = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            if (isText && rune.Value != '\\')
            {
                WriteContent(text, bytes[..length]);
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    // A backslash of the escaped text is itself escaped in JSON.
                    text.Write("\\\\"u8);
                    text.Write(isText ? "\\\\"u8 : "x"u8);
                    if (!isText)
                    {
                        WriteHex(text, bytes[i]);
                    }
                }
            }

            bytes = bytes[length..];
        }

        text.Write((byte)'"');
    }

    private static void WriteHex(RecordText text, byte value)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        text.Write(digits[value >> 4]);
        text.Write(digits[value & 15]);
    }
}
