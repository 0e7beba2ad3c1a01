using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Keyway.Proxy.Relay.Http;

/// <summary>The pool's password in an <c>Authorization</c> header: <c>Bearer password</c>, or <c>Basic</c> with any user name.</summary>
internal static class HttpPassword
{
    private const int Longest = 1024; // bytes of a password, and of a user name with it

    internal static bool IsGiven(ReadOnlySpan<byte> authorization, string? expected)
    {
        if (expected is null)
        {
            return true;
        }

        int blank = authorization.IndexOf((byte)' ');
        if (blank < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> given = authorization[(blank + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(authorization[..blank], "Bearer"u8))
        {
            return Matches(given, expected);
        }

        Span<byte> plain = stackalloc byte[Longest];
        if (!Ascii.EqualsIgnoreCase(authorization[..blank], "Basic"u8) || Base64.DecodeFromUtf8(given, plain, out _, out int length) != OperationStatus.Done)
        {
            return false;
        }

        int colon = plain[..length].IndexOf((byte)':');
        return colon >= 0 && Matches(plain[(colon + 1)..length], expected);
    }

    private static bool Matches(ReadOnlySpan<byte> given, string expected) => CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(expected));
}
