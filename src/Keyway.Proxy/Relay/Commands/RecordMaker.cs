using Keyway.Protocol.Resp;
using Keyway.Proxy.Relay.Records;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>Checks a command whose number of arguments is right, and puts it into a record: all of it, or with an error nothing.</summary>
/// <returns>The answer.</returns>
internal delegate RecordReply RecordMaker(RecordDraft draft, ReadOnlySpan<byte> frame, RequestArgs args);
