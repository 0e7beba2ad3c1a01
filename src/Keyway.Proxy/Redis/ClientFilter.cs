using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis;

/// <summary>Which clients CLIENT KILL is to close: those that fit everything that was given.</summary>
internal sealed class ClientFilter
{
    private long _number;
    private string? _address;
    private string? _localAddress;
    private ClientKind? _kind;
    private long _leastAge = -1;

    private ClientFilter()
    {
    }

    /// <summary>Whether the client that asks is left alone.</summary>
    internal bool SkipsAsker { get; private set; } = true;

    /// <summary>The old form, with an address and nothing else: it closes also the client that asks.</summary>
    internal static ClientFilter ForAddress(string address) => new() { _address = address, SkipsAsker = false };

    /// <summary>Reads <c>ID 7 TYPE normal ...</c>.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="first">The first option's place.</param>
    /// <param name="error">Redis's error for the first thing that is wrong, without the type byte; null when all is right.</param>
    internal static ClientFilter Parse(ReadOnlySpan<byte> frame, RequestArgs args, int first, out string? error)
    {
        ClientFilter filter = new();
        error = null;
        for (int i = first; i < args.Count && error is null; i += 2)
        {
            error = i + 1 < args.Count ? filter.Take(args.Get(frame, i), args.Get(frame, i + 1)) : "ERR syntax error";
        }

        return filter;
    }

    /// <summary>The type that a client names; false: there is no such type.</summary>
    internal static bool TryParseKind(ReadOnlySpan<byte> name, out ClientKind kind)
    {
        kind = ClientKind.Normal;
        if (Ascii.EqualsIgnoreCase(name, "NORMAL"u8))
        {
            return true;
        }

        kind = ClientKind.Pubsub;
        if (Ascii.EqualsIgnoreCase(name, "PUBSUB"u8))
        {
            return true;
        }

        kind = Ascii.EqualsIgnoreCase(name, "MASTER"u8) ? ClientKind.Master : ClientKind.Replica;
        return kind == ClientKind.Master || Ascii.EqualsIgnoreCase(name, "REPLICA"u8) || Ascii.EqualsIgnoreCase(name, "SLAVE"u8);
    }

    /// <summary>The error for a type that there is not.</summary>
    internal static string UnknownKind(ReadOnlySpan<byte> name) => $"ERR Unknown client type '{Encoding.Latin1.GetString(name)}'";

    /// <summary>True if the client fits. On the thread of its reactor.</summary>
    internal bool Fits(RedisClient client) =>
        (_number == 0 || client.Number == _number)
        && (_kind is null || client.Kind == _kind)
        && client.AgeSeconds >= _leastAge
        && (_address is null || string.Equals(ClientLine.AddressOf(client.RemoteEndPoint), _address, StringComparison.Ordinal))
        && (_localAddress is null || string.Equals(ClientLine.AddressOf(client.LocalEndPoint), _localAddress, StringComparison.Ordinal));

    private string? Take(ReadOnlySpan<byte> option, ReadOnlySpan<byte> value)
    {
        string text = Encoding.Latin1.GetString(value);
        if (Ascii.EqualsIgnoreCase(option, "ID"u8))
        {
            return RespLength.TryParse(value, out _number) && _number > 0 ? null : "ERR client-id should be greater than 0";
        }

        if (Ascii.EqualsIgnoreCase(option, "TYPE"u8))
        {
            bool isKnown = TryParseKind(value, out ClientKind kind);
            _kind = kind;
            return isKnown ? null : UnknownKind(value);
        }

        if (Ascii.EqualsIgnoreCase(option, "ADDR"u8))
        {
            _address = text;
            return null;
        }

        if (Ascii.EqualsIgnoreCase(option, "LADDR"u8))
        {
            _localAddress = text;
            return null;
        }

        if (Ascii.EqualsIgnoreCase(option, "USER"u8))
        {
            // Everybody is this user.
            return text is "default" ? null : $"ERR No such user '{text}'";
        }

        if (Ascii.EqualsIgnoreCase(option, "MAXAGE"u8))
        {
            return RespLength.TryParse(value, out _leastAge) && _leastAge > 0 ? null : "ERR maxage is not an integer or out of range";
        }

        SkipsAsker = Ascii.EqualsIgnoreCase(value, "YES"u8);
        return Ascii.EqualsIgnoreCase(option, "SKIPME"u8) && (SkipsAsker || Ascii.EqualsIgnoreCase(value, "NO"u8)) ? null : "ERR syntax error";
    }
}
