namespace Keyway.Proxy.Memory.Commands;

/// <summary>MULTI, EXEC and DISCARD. What comes between is kept by the session; EXEC runs it under the lock that it holds, so that nothing comes between.</summary>
internal static class TransactionCommands
{
    public static void Multi(in MemoryCall call)
    {
        if (call.Session.Transaction is null)
        {
            call.Session.Transaction = new MemoryTransaction();
            call.Reply.Ok();
        }
        else
        {
            call.Reply.Error("ERR MULTI calls can not be nested"u8);
        }
    }

    public static void Exec(in MemoryCall call)
    {
        MemoryTransaction? transaction = call.Session.Transaction;
        call.Session.Transaction = null;
        if (transaction is null)
        {
            call.Reply.Error("ERR EXEC without MULTI"u8);
        }
        else if (transaction.IsAborted)
        {
            call.Reply.Error("EXECABORT Transaction discarded because of previous errors."u8);
        }
        else
        {
            call.Reply.Array(transaction.Requests.Count);
            call.Session.Run(transaction.Requests);
        }
    }

    public static void Discard(in MemoryCall call)
    {
        if (call.Session.Transaction is null)
        {
            call.Reply.Error("ERR DISCARD without MULTI"u8);
            return;
        }

        call.Session.Transaction = null;
        call.Reply.Ok();
    }
}
