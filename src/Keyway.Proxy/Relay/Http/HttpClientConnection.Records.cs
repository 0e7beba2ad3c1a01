using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Relay.Records;
using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Relay.Http;

/// <content>From bodies to records.</content>
internal sealed partial class HttpClientConnection
{
    private int _taken; // records of the request at hand that were taken before it had to wait
    private Request? _place; // its place in the order, once a record of it was taken

    /// <summary>Does what the request asks for; false if it is to be offered again.</summary>
    private bool Take(HttpRoute route, ReadOnlySpan<byte> body)
    {
        RecordText text = _protocol.Text;
        List<(int Start, int Length)> records = _protocol.Records;
        records.Clear();
        text.Begin(_protocol.Intake.MaxRecordBytes);
        switch (route)
        {
            case HttpRoute.Ping:
                Answer(200, HttpReply.Success);
                return true;
            case HttpRoute.Raw when body.IsEmpty:
                Answer(400, AnswerBody.Of("empty", "the body is the record, and it is empty"));
                return true;
            case HttpRoute.Raw:
                text.Write(body);
                records.Add((0, text.Length));
                break;
            case HttpRoute.Json when !Head.IsNdjson:
                if (!JsonRecord.TryWrite(text, body, Reactor.UnixMilliseconds))
                {
                    Answer(400, HttpReply.InvalidJson);
                    return true;
                }

                records.Add((0, text.Length));
                break;
            default:
                if (!TryWriteLines(body))
                {
                    return true;
                }

                break;
        }

        if (text.IsTooLong)
        {
            AnswerTooLong(line: 0);
            return true;
        }

        return Offer(isLines: route == HttpRoute.Lines || (route == HttpRoute.Json && Head.IsNdjson));
    }

    /// <summary>All lines are checked before the first is taken. False: one is wrong, and the client was told which.</summary>
    private bool TryWriteLines(ReadOnlySpan<byte> body)
    {
        RecordText text = _protocol.Text;
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

            _protocol.Records.Add((start, text.Length - start));
        }

        return true;
    }

    /// <summary>Offers the records that were not taken before; false if some are left, and the request is offered again.</summary>
    private bool Offer(bool isLines)
    {
        RecordIntake intake = _protocol.Intake;
        List<(int Start, int Length)> records = _protocol.Records;
        bool isInBatch = false;
        for (; _taken < records.Count; _taken++)
        {
            switch (intake.Offer(_protocol.Text.Slice(records[_taken].Start, records[_taken].Length)))
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

        ReadOnlySpan<byte> body = isLines ? AnswerBody.Success(records.Count) : HttpReply.Success;
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

        LetGoOfPlace();
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

        LetGoOfPlace();
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
