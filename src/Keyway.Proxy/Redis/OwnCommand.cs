using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Redis;

/// <summary>A command of a transaction that concerns the client's connection: Keyway does it at EXEC, at its place among those that the server does.</summary>
/// <param name="Place">Its place in the transaction, from 0.</param>
/// <param name="Command">The command.</param>
/// <param name="Frame">The request.</param>
/// <param name="IsSent">True if the server has a part in it too (SELECT, HELLO), so that EXEC's reply has an element for it.</param>
internal sealed record OwnCommand(int Place, CommandInfo Command, byte[] Frame, bool IsSent);
