using System.Runtime.CompilerServices;

namespace Keyway.Protocol.Resp;

/// <summary>For each open aggregate, the values that its parent still expects after it.</summary>
[InlineArray(RespLimits.MostDepth)]
internal struct RespDepths
{
    private long _first;
}
