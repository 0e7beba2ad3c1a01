using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Redis;

/// <content>
/// Smart mode where keys move from server to server. A request does not simply follow its client's earlier writes to those keys, which could come back and go
/// elsewhere: it waits until they are executed.
/// </content>
internal sealed partial class RedisClient
{
    private bool MustWaitForMovingWrites(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, out bool isAnswered)
    {
        isAnswered = false;
        CommandTreatment treatment = command.TreatmentIn(_isSharded);
        if (treatment is CommandTreatment.Local or CommandTreatment.Stateless or CommandTreatment.Subscribe or CommandTreatment.Pinned or CommandTreatment.Refuse
            || TakesItsPlace(command, frame, args))
        {
            return false;
        }

        if (FirstOwedQueue(command, frame, args, treatment) is not { } queue)
        {
            return false;
        }

        if (queue.StalledFor < (HasPeerEnded ? 1 : Pool.Config.RetryBudget?.TotalMilliseconds ?? 0))
        {
            Pool.Smart!.Wait(this);
            return true;
        }

        // As long as it would wait for a server in any case.
        isAnswered = true;
        _transaction?.Abort();
        ReplyFailure(Failure.WritesFirst(queue.Label, queue.StallReason));
        return true;
    }

    /// <summary>A queue that has writes of this client to the request's keys; null if there is none.</summary>
    private WriteQueue? FirstOwedQueue(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, CommandTreatment treatment)
    {
        SmartState smart = Pool.Smart!;
        KeyList keys = _protocol.Keys;
        bool hasKeys = KeyFinder.Find(command, frame, args, keys) == KeyStatus.Found;
        if (!hasKeys && treatment == CommandTreatment.Transaction)
        {
            // What is in the transaction has waited already.
            return null;
        }

        if (hasKeys && _isSharded)
        {
            for (int i = 0; i < keys.Count; i++)
            {
                if (Owed(smart, smart.QueueFor(Pool.Locate(args.Get(frame, keys[i])))) is { } queue)
                {
                    return queue;
                }
            }

            return null;
        }

        for (int i = 0; i < smart.QueueCount; i++)
        {
            // A command about all keys cannot be about those of a node that is away.
            if (Owed(smart, i) is { } queue && (!_isSharded || !queue.IsAway))
            {
                return queue;
            }
        }

        return null;
    }

    private WriteQueue? Owed(SmartState smart, int queue) => smart.QueueAt(queue).Owes(_writeMarks![queue], replied: true) ? smart.QueueAt(queue) : null;
}
