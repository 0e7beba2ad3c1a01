using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>Answers a command that makes no record.</summary>
internal delegate void RelayHandler(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args);
