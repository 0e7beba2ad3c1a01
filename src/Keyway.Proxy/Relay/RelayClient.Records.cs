using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Redis;
using Keyway.Proxy.Relay.Commands;
using Keyway.Proxy.Relay.Records;

namespace Keyway.Proxy.Relay;

/// <content>From commands to records, alone or in a transaction.</content>
internal sealed partial class RelayClient
{
    private RelayTransaction? _transaction;

    /// <summary>RAWSET: the bytes themselves.</summary>
    internal void TakeRaw(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ReadOnlySpan<byte> record = args.Get(frame, 1);
        if (_transaction is not null)
        {
            Refuse("ERR RAWSET is not for transactions: their record is made of keys and values");
        }
        else if (record.IsEmpty)
        {
            ReplyError("ERR an empty record");
        }
        else if (record.Length > _protocol.Intake.MaxRecordBytes)
        {
            RefuseTooLong();
        }
        else if (Offer(record, out bool isDropped))
        {
            BeginAnswer(isDropped, out Request? place, out long before).Write("+OK\r\n"u8);
            EndAnswer(isDropped, place, before);
        }
    }

    /// <summary>MULTI.</summary>
    internal void BeginTransaction()
    {
        if (_transaction is not null)
        {
            ReplyError("ERR MULTI calls can not be nested");
            return;
        }

        _transaction = _protocol.RentTransaction(Reactor);
        Reply("+OK\r\n"u8);
    }

    /// <summary>DISCARD.</summary>
    internal void Discard()
    {
        if (_transaction is null)
        {
            ReplyError("ERR DISCARD without MULTI");
            return;
        }

        EndTransaction();
        Reply("+OK\r\n"u8);
    }

    /// <summary>EXEC: all that was said since MULTI is one record.</summary>
    internal void Execute()
    {
        if (_transaction is null)
        {
            ReplyError("ERR EXEC without MULTI");
        }
        else if (_transaction.IsAborted)
        {
            EndTransaction();
            ReplyError("EXECABORT Transaction discarded because of previous errors.");
        }
        else if (!TryWrite(_transaction.Draft))
        {
            EndTransaction();
            RefuseTooLong();
        }
        else if (Offer(_protocol.Text.Record, out bool isDropped))
        {
            OutputBuffer answer = BeginAnswer(isDropped, out Request? place, out long before);
            if (IsSmartRelayer)
            {
                answer.Write("+OK\r\n"u8);
            }
            else
            {
                answer.WriteArrayHeader(_transaction.Count);
                answer.TakeAll(_transaction.Answers);
            }

            EndAnswer(isDropped, place, before);
            EndTransaction();
        }
        else if (!_mustWait)
        {
            EndTransaction();
        }
    }

    /// <summary>A command that makes a record, or adds to the transaction's.</summary>
    private void TakeRecord(RecordMaker make, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (_transaction is not null)
        {
            Queue(_transaction, make, frame, args);
            return;
        }

        RecordDraft draft = _protocol.Draft;
        draft.Begin(Reactor.UnixMilliseconds);
        RecordReply reply = make(draft, frame, args);
        if (reply.Error is not null)
        {
            ReplyError(reply.Error);
        }
        else if (!TryWrite(draft))
        {
            RefuseTooLong();
        }
        else if (Offer(_protocol.Text.Record, out bool isDropped))
        {
            OutputBuffer answer = BeginAnswer(isDropped, out Request? place, out long before);
            WriteReply(answer, reply, draft.Time);
            EndAnswer(isDropped, place, before);
        }
    }

    private void Queue(RelayTransaction transaction, RecordMaker make, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (transaction.IsAborted)
        {
            Reply(Queued);
            return;
        }

        RecordReply reply = make(transaction.Draft, frame, args);
        if (reply.Error is not null)
        {
            Refuse(reply.Error);
        }
        else if (transaction.Size > Pool.Config.Limits.ClientTransaction)
        {
            Refuse("ERR transaction is larger than limits.client_transaction");
        }
        else
        {
            WriteReply(transaction.Answers, reply, transaction.Draft.Time);
            transaction.Queued();
            Reply(Queued);
        }
    }

    private void AnswerIgnored()
    {
        if (_transaction is { IsAborted: false } transaction)
        {
            transaction.Answers.Write("+OK\r\n"u8);
            transaction.Queued();
        }

        Reply(_transaction is null ? "+OK\r\n"u8 : Queued);
    }

    private ReadOnlySpan<byte> Queued => IsSmartRelayer ? "+OK\r\n"u8 : "+QUEUED\r\n"u8;

    private void WriteReply(OutputBuffer answer, in RecordReply reply, long time)
    {
        if (IsSmartRelayer)
        {
            answer.Write("+OK\r\n"u8);
        }
        else
        {
            reply.Write(answer, time, ref _protocol.Serial);
        }
    }

    /// <summary>Writes the record to the reactor's scratch; false if it is longer than what the sink takes.</summary>
    private bool TryWrite(RecordDraft draft)
    {
        _protocol.Text.Begin(_protocol.Intake.MaxRecordBytes);
        draft.Write(_protocol.Text, Pool.Config.Relay.Binary);
        return !_protocol.Text.IsTooLong;
    }

    private void RefuseTooLong()
    {
        Pool.Counters.RecordsTooLong++;
        ReplyError($"ERR the record is longer than the {_protocol.Intake.MaxRecordBytes} bytes that the sink takes (max_record)");
    }

    private void EndTransaction()
    {
        if (_transaction is not null)
        {
            _protocol.Return(_transaction);
            _transaction = null;
        }
    }
}
