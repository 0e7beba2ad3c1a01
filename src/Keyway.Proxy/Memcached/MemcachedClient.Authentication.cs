using System.Security.Cryptography;
using System.Text;
using Keyway.Protocol.Memcached;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Memcached;

/// <content>The pool's password: until a client has given it, it is told nothing else.</content>
internal sealed partial class MemcachedClient
{
    private bool _isAuthenticated;

    /// <summary>Handles what comes before the password is given; false when more bytes are needed.</summary>
    private bool Authenticate(ReadOnlySpan<byte> bytes, out int consumed)
    {
        ScanStatus status = MemcachedCredentials.Scan(bytes, _protocol.Request.Words, out consumed, out CredentialsError error, out ReadOnlySpan<byte> password);
        if (status == ScanStatus.NeedMore)
        {
            return false;
        }

        if (status == ScanStatus.Error)
        {
            consumed = bytes.Length;
            CloseMalformed();
            return false;
        }

        if (error == CredentialsError.None)
        {
            _isAuthenticated = CryptographicOperations.FixedTimeEquals(password, Encoding.UTF8.GetBytes(Pool.Config.Password!));
            error = _isAuthenticated ? error : CredentialsError.Refused;
        }

        Pool.Counters.Requests++;
        Reply(CredentialsErrorText.Of(error));
        return true;
    }
}
