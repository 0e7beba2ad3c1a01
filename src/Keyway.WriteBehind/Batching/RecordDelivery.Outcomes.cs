using Keyway.Proxy.Relay;
using Keyway.WriteBehind.Sinks;

namespace Keyway.WriteBehind.Batching;

/// <content>What becomes of records after a call.</content>
internal sealed partial class RecordDelivery
{
    /// <summary>Longest wait that a sink may ask for: a wrong header must not end the delivery.</summary>
    private static readonly TimeSpan LongestAskedWait = TimeSpan.FromMinutes(15);

    /// <summary>Longer than any linger that makes sense: a record that waits so long is worth a line in the log.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _failedAt;
    private string? _parked;
    private string? _lastFailure;
    private long _oldest;
    private long _delivered;
    private long _deliveredBytes;
    private long _callCount;
    private long _retried;
    private long _throttled;
    private long _failedCalls;
    private long _deadLetters;
    private long _lost;
    private long _staying; // records that are not tried any more, and stay pending

    private void Settle(Call call, SinkResult result)
    {
        switch (result.Verdict)
        {
            case SinkVerdict.Accepted when IsSound(call, result.Failed):
                OnAccepted(call, result);
                break;
            case SinkVerdict.Accepted:
                OnRetry(call, new SinkResult { Verdict = SinkVerdict.Retry, Reason = "the sink's answer does not fit the call" });
                break;
            case SinkVerdict.Refused:
                OnRefused(call, result);
                break;
            case SinkVerdict.Parked:
                OnParked(call, result);
                break;
            default:
                OnRetry(call, result);
                break;
        }
    }

    /// <summary>The failed ones are in order and within the batch; nobody may take another record for delivered.</summary>
    private static bool IsSound(Call call, IReadOnlyList<FailedRecord> failed)
    {
        int last = -1;
        foreach (FailedRecord record in failed)
        {
            if (record.Index <= last || record.Index >= call.Parcels.Count)
            {
                return false;
            }

            last = record.Index;
        }

        return true;
    }

    private void OnAccepted(Call call, SinkResult result)
    {
        long taken = 0;
        int next = 0;
        bool isThrottled = result.IsThrottled;
        bool isAnswered = false;
        int again = 0;
        for (int i = 0; i < call.Parcels.Count; i++)
        {
            Parcel parcel = call.Parcels[i];
            if (next == result.Failed.Count || result.Failed[next].Index != i)
            {
                taken += _limits.Encoded(parcel.Length);
                _delivered += parcel.Count;
                _deliveredBytes += parcel.Length;
                Finish(parcel);
                continue;
            }

            FailedRecord failed = result.Failed[next++];
            _lastFailure = failed.Reason;
            isThrottled |= failed.IsThrottled;
            isAnswered |= failed.IsRefused;
            again += failed.IsRefused ? 0 : parcel.Count;
            OnRecordFailed(parcel, failed);
        }

        _pace.Taken(taken);
        if (isThrottled)
        {
            OnThrottled(call, _lastFailure ?? result.Reason);
        }
        else if (again > 0)
        {
            _log.RecordsFailed(again, _lastFailure!);
        }

        if (taken > 0 || isAnswered)
        {
            OnWell();
            _notBefore = result.RetryAfter is { } asked ? After(Bounded(asked)) : _notBefore;
        }
        else
        {
            Pause(call, result.RetryAfter);
        }
    }

    private void OnRecordFailed(Parcel parcel, FailedRecord failed)
    {
        if (failed.IsRefused)
        {
            Refuse(parcel, failed.Reason);
        }
        else if (failed.IsThrottled)
        {
            _throttled += parcel.Count;
            _front.Enqueue(parcel, parcel.Id);
        }
        else if (MayRepeat(parcel, failed.Reason))
        {
            _front.Enqueue(parcel, parcel.Id);
            if (parcel.Failures > 1)
            {
                // One that fails again and again must not go with every call.
                _frontNotBefore = After(_backOff.After(parcel.Failures - 1));
            }
        }
    }

    private void OnRetry(Call call, SinkResult result)
    {
        _lastFailure = result.Reason;
        if (result.IsThrottled)
        {
            _throttled++;
            OnThrottled(call, result.Reason);
        }
        else
        {
            _failedCalls++;
            _log.Failed(result.Reason ?? "no reason given");
            call.Parcels.RemoveAll(parcel => !MayRepeat(parcel, result.Reason ?? "retry_limit"));
        }

        Repeat(call);
        Pause(call, result.RetryAfter);
    }

    private void OnRefused(Call call, SinkResult result)
    {
        _failedCalls++;
        _lastFailure = result.Reason;
        OnWell();
        if (call.Parcels.Count == 1)
        {
            Refuse(call.Parcels[0], result.Reason ?? "refused");
            return;
        }

        int half = call.Parcels.Count / 2;
        _pieces.Push(new Call(call.Parcels[half..], isPiece: true));
        _pieces.Push(new Call(call.Parcels[..half], isPiece: true));
    }

    private void OnParked(Call call, SinkResult result)
    {
        _failedCalls++;
        string reason = result.Reason ?? "no reason given";
        if (_parked != reason)
        {
            _log.Parked(reason);
        }

        _lastFailure = _parked = reason;
        Repeat(call);
        _notBefore = After(ParkedPause);
    }

    private void OnThrottled(Call call, string? reason)
    {
        _pace.Throttled(call.Bytes);
        _log.Throttled(reason ?? "no reason given", _pace.Rate);
    }

    /// <summary>The sink answers: whatever was wrong before is not any more.</summary>
    private void OnWell()
    {
        if (!IsWell)
        {
            _failures = 0;
            _parked = null;
            _log.Recovered();
        }
    }

    /// <summary>Nothing is tried for a while. Calls that were begun before the last failure tell nothing new.</summary>
    private void Pause(Call call, TimeSpan? asked)
    {
        if (_failures == 0 || call.BeganAt > _failedAt)
        {
            _failures++;
            _failedAt = _time.GetTimestamp();
            _notBefore = Math.Max(_notBefore, After(_backOff.After(_failures)));
        }

        if (asked is { } wait)
        {
            _notBefore = Math.Max(_notBefore, After(Bounded(wait)));
        }
    }

    private void Repeat(Call call)
    {
        if (call.IsPiece && call.Parcels.Count > 0)
        {
            _pieces.Push(new Call(call.Parcels, isPiece: true));
            return;
        }

        call.Parcels.ForEach(parcel => _front.Enqueue(parcel, parcel.Id));
    }

    /// <summary>Counts a failure; false if it was one too many, and the records were set aside.</summary>
    private bool MayRepeat(Parcel parcel, string reason)
    {
        if (++parcel.Failures < (_config.RetryLimit ?? int.MaxValue))
        {
            return true;
        }

        GiveUp(parcel, reason);
        return false;
    }

    /// <summary>Something in a parcel will never be accepted: what, if it was joined, is found out by halves.</summary>
    private void Refuse(Parcel parcel, string reason)
    {
        if (parcel.Count == 1)
        {
            GiveUp(parcel, reason);
            return;
        }

        (Parcel left, Parcel right) = parcel.Split();
        _pieces.Push(new Call([right], isPiece: true));
        _pieces.Push(new Call([left], isPiece: true));
    }

    private void GiveUp(Parcel parcel, string reason)
    {
        foreach ((long sequence, ReadOnlyMemory<byte> record) in parcel.Records())
        {
            SetAside(sequence, record, reason);
        }

        Release(parcel);
    }

    /// <summary>A record is no longer tried. If there is no room for a dead letter it stays in the journal, and the next start tries it again.</summary>
    private void SetAside(long sequence, ReadOnlyMemory<byte> record, string reason)
    {
        bool isKept = _keepLetter(reason, record);
        bool stays = !isKept && _source.IsKept;
        _deadLetters += isKept ? 1 : 0;
        _lost += isKept || stays ? 0 : 1;
        _log.Refused(
            reason,
            isKept ? "is now a dead letter" : stays ? "stays in the journal until the next start, since it cannot be kept as a dead letter" : "is lost, since there is no place for dead letters");
        if (stays)
        {
            _staying++;
        }
        else
        {
            _done.Add(sequence);
        }
    }

    private void Finish(Parcel parcel)
    {
        parcel.AddSequences(_done);
        Release(parcel);
    }

    private void Release(Parcel parcel) => _held -= parcel.Length + (long)LineCost * parcel.Count;

    private void Publish()
    {
        long oldest = long.MaxValue;
        foreach (Call call in _calls.Concat(_pieces))
        {
            oldest = Math.Min(oldest, call.Parcels[0].Time);
        }

        oldest = _front.TryPeek(out Parcel? failed, out _) ? Math.Min(oldest, failed.Time) : oldest;
        oldest = _fresh.TryPeek(out Parcel? fresh) ? Math.Min(oldest, fresh.Time) : oldest;
        if (oldest < _time.GetUtcNow().ToUnixTimeMilliseconds() - (long)LongWait.TotalMilliseconds)
        {
            _log.Behind(_time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest), () => _source.Pending, _delivered);
        }

        lock (_statusGate)
        {
            _oldest = oldest == long.MaxValue ? 0 : oldest;
            _status = new RelayStatus
            {
                Delivered = _delivered,
                DeliveredBytes = _deliveredBytes,
                Calls = _callCount,
                InFlight = _calls.Count,
                Retried = _retried,
                Throttled = _throttled,
                Failed = _failedCalls,
                DeadLetters = _deadLetters,
                Dropped = _lost,
                Parked = _parked,
                LastFailure = _lastFailure,
            };
        }
    }

    private static TimeSpan Bounded(TimeSpan asked) => asked < LongestAskedWait ? asked : LongestAskedWait;
}
