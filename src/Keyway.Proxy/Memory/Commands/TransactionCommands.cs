namespace Keyway.Proxy.Memory.Commands;

/// <summary>MULTI, EXEC, DISCARD, WATCH and UNWATCH. What comes between is kept by the session; EXEC runs it under the lock that it holds, so that nothing comes between.</summary>
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
        if (transaction is null)
        {
            call.Reply.Error("ERR EXEC without MULTI"u8);
            return;
        }

        bool isVoid = HasChanged(call);
        call.Session.Forget();
        if (transaction.IsAborted)
        {
            call.Reply.Error("EXECABORT Transaction discarded because of previous errors."u8);
        }
        else if (isVoid)
        {
            call.Reply.NullArray();
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

        call.Session.Forget();
        call.Reply.Ok();
    }

    public static void Watch(in MemoryCall call)
    {
        if (call.Session.Transaction is not null)
        {
            call.Reply.Error("ERR WATCH inside MULTI is not allowed"u8);
            return;
        }

        for (int i = 1; i < call.Count; i++)
        {
            // A key that is watched already stays as it was at first, and takes no more room.
            WatchedKey key = new(call.Database, call[i].ToArray(), call.Now);
            if (call.Session.Watched.Contains(key))
            {
                continue;
            }

            if (!call.Session.TryKeep(key.Size))
            {
                call.Reply.Error(MemoryErrors.OutOfMemory);
                return;
            }

            call.Session.Watched.Add(key);
        }

        call.Reply.Ok();
    }

    public static void Unwatch(in MemoryCall call)
    {
        call.Session.Forget();
        call.Reply.Ok();
    }

    private static bool HasChanged(in MemoryCall call)
    {
        foreach (WatchedKey key in call.Session.Watched)
        {
            if (key.HasChanged(call.Now))
            {
                return true;
            }
        }

        return false;
    }
}
