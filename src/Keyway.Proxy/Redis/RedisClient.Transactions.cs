using Keyway.Protocol.Commands;

namespace Keyway.Proxy.Redis;

/// <content>MULTI is refused: what the client sends up to EXEC, expecting it to be queued, must then not run on its own.</content>
internal sealed partial class RedisClient
{
    private bool _isTransactionRefused;

    /// <summary>True when the command belongs to a refused transaction and has been answered.</summary>
    private bool AnswerInRefusedTransaction(CommandInfo command)
    {
        if (!_isTransactionRefused)
        {
            return false;
        }

        switch (command.Name)
        {
            case "exec":
                _isTransactionRefused = false;
                ReplyError("EXECABORT Transaction discarded because of previous errors.");
                return true;
            case "discard":
                _isTransactionRefused = false;
                Reply("+OK\r\n"u8);
                return true;
            case "quit" or "reset":
                return false;
            default:
                ReplyError("ERR not executed: it belongs to a transaction whose MULTI was refused");
                return true;
        }
    }
}
