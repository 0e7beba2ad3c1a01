using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <summary>
/// What a new server connection sends before anything else: AUTH, HELLO 3, READONLY and SELECT, as far as its pool and lane need them, in this order
/// (a SELECT before AUTH is refused, and data would go to database 0). No request leaves before every answer is good.
/// </summary>
internal sealed class Handshake(PoolConfig config, Lane lane)
{
    private int _awaited;

    /// <summary>True when answers are still awaited.</summary>
    internal bool IsOpen => _awaited > 0;

    /// <summary>Writes the requests.</summary>
    internal void Begin(OutputBuffer output)
    {
        if (config.ServerPassword is { } password)
        {
            if (config.ServerUser is { } user)
            {
                output.WriteRequest("AUTH", user, password);
            }
            else
            {
                output.WriteRequest("AUTH", password);
            }

            _awaited++;
        }

        if (lane.RespVersion == 3)
        {
            output.WriteRequest("HELLO", "3");
            _awaited++;
        }

        if (lane.ReadsReplica && config.Topology == PoolTopology.Cluster)
        {
            output.WriteRequest("READONLY");
            _awaited++;
        }

        if (lane.Database != 0)
        {
            output.WriteRequest("SELECT", lane.Database.ToString(CultureInfo.InvariantCulture));
            _awaited++;
        }
    }

    /// <summary>Takes one answer; null when it is good, else what the server said.</summary>
    internal string? Answer(ReadOnlySpan<byte> reply)
    {
        _awaited--;
        return reply[0] == '-' ? Encoding.UTF8.GetString(reply[1..]).TrimEnd() : null;
    }
}
