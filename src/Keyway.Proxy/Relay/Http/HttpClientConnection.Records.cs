using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Relay.Records;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Relay.Http;

/// <content>From bodies to records.</content>
internal sealed partial class HttpClientConnection
{
    private ParsedRecords? _waiting; // of the request at hand, which is offered again
    private int _taken; // records of the request at hand that were taken before it had to wait
    private Request? _place; // its place in the order, once a record of it was taken

    /// <summary>Does what the request asks for; false if it is to be offered again.</summary>
    private bool Take(HttpRoute route, ReadOnlySpan<byte> body)
    {
        if (route == HttpRoute.Ping)
        {
            Answer(200, HttpReply.Success);
            return true;
        }

        ParsedRecords records = _protocol.RentRecords();
        records.Begin(isLines: route == HttpRoute.Lines || (route == HttpRoute.Json && Head.IsNdjson), _protocol.Intake.MaxRecordBytes);
        if (records.IsLines ? TryReadLines(records, body) : TryRead(records, route, body))
        {
            return Offer(records);
        }

        _protocol.Return(records);
        return true;
    }

    /// <summary>A body that is one record. False: it is none, and the client was told why.</summary>
    private bool TryRead(ParsedRecords records, HttpRoute route, ReadOnlySpan<byte> body)
    {
        if (route == HttpRoute.Raw)
        {
            if (body.IsEmpty)
            {
                Answer(400, AnswerBody.Of("empty", "the body is the record, and it is empty"));
                return false;
            }

            records.Text.Write(body);
        }
        else if (!JsonRecord.TryWrite(records.Text, body, Reactor.UnixMilliseconds))
        {
            Answer(400, HttpReply.InvalidJson);
            return false;
        }

        if (records.Text.IsTooLong)
        {
            AnswerTooLong(line: 0);
            return false;
        }

        records.Add(start: 0);
        return true;
    }

    /// <summary>All lines are checked before the first is taken. False: one is wrong, and the client was told which.</summary>
    private bool TryReadLines(ParsedRecords records, ReadOnlySpan<byte> body)
    {
        RecordText text = records.Text;
        long now = Reactor.UnixMilliseconds;
        for (int line = 1; !body.IsEmpty; line++)
        {
            int end = body.IndexOf((byte)'\n');
            ReadOnlySpan<byte> json = (end < 0 ? body : body[..end]).Trim(" \t\r"u8);
            body = end < 0 ? default : body[(end + 1)..];
            if (json.IsEmpty)
            {
                continue;
            }

            text.BeginNext();
            int start = text.Length;
            if (!JsonRecord.TryWrite(text, json, now))
            {
                Answer(400, AnswerBody.InvalidLine(line));
                return false;
            }

            if (text.IsTooLong)
            {
                AnswerTooLong(line);
                return false;
            }

            records.Add(start);
        }

        return true;
    }

    /// <summary>Offers the records that were not taken before; false if some are left, and the request is offered again.</summary>
    private bool Offer(ParsedRecords records)
    {
        if (!TryOffer(records))
        {
            _waiting = records;
            return false;
        }

        _waiting = null;
        _protocol.Return(records);
        LetGoOfPlace();
        return true;
    }

    private bool TryOffer(ParsedRecords records)
    {
        RecordIntake intake = _protocol.Intake;
        bool isInBatch = false;
        for (; _taken < records.Count; _taken++)
        {
            switch (intake.Offer(records[_taken]))
            {
                case Smart.Offer.Later:
                    if (isInBatch)
                    {
                        intake.Open.Add(_place!, 0); // if this batch fails, so does the request
                    }

                    intake.Wait(this);
                    return false;
                case Smart.Offer.Refused:
                case Smart.Offer.Dropped when _place is not null:
                    Refuse();
                    return true;
                case Smart.Offer.Taken:
                    isInBatch = true;
                    EnsurePlace();
                    break;
                default:
                    break;
            }
        }

        ReadOnlySpan<byte> body = records.IsLines ? AnswerBody.Success(records.Count) : HttpReply.Success;
        if (_place is null)
        {
            Answer(200, body);
        }
        else
        {
            OutputBuffer answers = intake.Open.Answers;
            long before = answers.Length;
            WriteAnswer(answers, 200, body);
            intake.Open.Add(_place, answers.Length - before);
        }

        return true;
    }

    /// <summary>No room. Records of the request that were taken are kept; who sends all of it again sends them twice.</summary>
    private void Refuse()
    {
        Failure failure = Failure.RecordsFull();
        if (_place is not null)
        {
            Fail(_place, failure);
        }
        else
        {
            Pool.Counters.Count(failure.Kind);
            Answer(503, AnswerBody.Of("unavailable", failure.Text));
        }
    }

    private void EnsurePlace()
    {
        if (_place is null)
        {
            _place = Pool.Requests.Rent();
            _place.Holders++;
            Enqueue(_place);
        }
    }

    private void LetGoOfPlace()
    {
        _taken = 0;
        if (_place is not null)
        {
            Pool.Requests.Release(_place);
            _place = null;
        }
    }

    private void AnswerTooLong(int line)
    {
        Pool.Counters.RecordsTooLong++;
        Answer(413, AnswerBody.TooLong(_protocol.Intake.MaxRecordBytes, line));
    }
}
