using System.Collections.Concurrent;

namespace Keyway.FirehoseServer;

/// <summary>The access keys that the server knows. Any thread.</summary>
public sealed class KeyBook
{
    private readonly ConcurrentDictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Makes a key known.</summary>
    /// <param name="id">The access key id.</param>
    /// <param name="secret">Its secret.</param>
    /// <param name="token">The session token that must come with it, or null.</param>
    public void Add(string id, string secret, string? token = null) => _keys[id] = new AccessKey(secret, token);

    /// <summary>From now on the key's session is over.</summary>
    public void Expire(string id) => _keys[id] = _keys[id] with { IsExpired = true };

    internal AccessKey? Find(string id) => _keys.GetValueOrDefault(id);
}

/// <summary>A known access key.</summary>
internal sealed record AccessKey(string Secret, string? Token, bool IsExpired = false);
