using System.Globalization;
using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>CLIENT TRACKING and what tells about it, where the clients' numbers are Keyway's and those that the server knows are not.</content>
internal sealed partial class RedisClient
{
    private const string NobodysNumber = "9223372036854775807"; // the server's error for it is that for any number which is nobody's

    private TrackingRedirect? _redirect;

    /// <summary>The client that its invalidations go to; -1 for none.</summary>
    internal long RedirectTarget => _redirect?.TargetNumber ?? -1;

    /// <summary>Gives the client an invalidation that is redirected to it: as a server, in RESP2 only while it has subscriptions.</summary>
    /// <param name="keys">An array, or null in either version's words.</param>
    internal void PushInvalidation(byte[] keys)
    {
        if (!IsClosing && (RespVersion == 3 || AwaitsMessages))
        {
            ReadOnlySpan<byte> begin = RespVersion == 3 ? ">2\r\n$10\r\ninvalidate\r\n"u8 : "*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n"u8;
            ReadOnlySpan<byte> nothing = RespVersion == 3 ? "_\r\n"u8 : "$-1\r\n"u8;
            Push([.. begin, .. keys is [(byte)'_' or (byte)'$', ..] ? nothing : keys]);
        }
    }

    /// <summary>The target has gone. RESP2 has no way to say it.</summary>
    internal void PushRedirectBroken(long target)
    {
        if (RespVersion == 3)
        {
            Push(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $">2\r\n$21\r\ntracking-redir-broken\r\n:{target}\r\n")));
        }
    }

    /// <summary>True if numbers of clients are to be exchanged in the request or its reply.</summary>
    private bool ConcernsRedirect(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args) => command.Name switch
    {
        "client|tracking" => _redirect is not null || HasRedirect(frame, args),
        "client|getredir" or "client|trackinginfo" => _redirect is not null,
        _ => false,
    };

    /// <summary>A request that <see cref="ConcernsRedirect"/>, over the connection that the client has for itself.</summary>
    private void RouteTracking(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        string[] words = new string[args.Count];
        long wanted = 0;
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Encoding.Latin1.GetString(args.Get(frame, i));
            if (i > 3 && IsRedirect(words[i - 1]) && RespLength.TryParse(args.Get(frame, i), out long number))
            {
                wanted = number;
            }
        }

        AnswerLater<Answer>(
            done => Gathering.Ask(
                Pool,
                state => state.Clients.OfType<RedisClient>().FirstOrDefault(client => client.Number == wanted),
                found => Track(words, found.FirstOrDefault(static client => client is not null), done)),
            static (asker, answer, reply) => asker.WriteTracking(answer, reply));
    }

    private static bool IsRedirect(string word) => word.Equals("redirect", StringComparison.OrdinalIgnoreCase);

    private void Track(string[] words, RedisClient? target, Action<Answer> done)
    {
        if (IsClosed || _dedicated is not { } own)
        {
            return;
        }

        if (target is null || _redirect is { ServerId: not 0 })
        {
            Send(null);
        }
        else
        {
            _redirect = TrackingRedirect.Open(this, own.Server, Send);
        }

        void Send(Failure? failure)
        {
            if (failure is not null)
            {
                _redirect = null;
                done(new Answer(null, failure, null));
                return;
            }

            if (own.Connection.IsClosed)
            {
                done(new Answer(null, Failure.ConnectionLost(own.Server.Label, own.Connection.CloseReason), null));
                return;
            }

            string number = target is null ? NobodysNumber : _redirect!.ServerId.ToString(CultureInfo.InvariantCulture);
            for (int i = 4; i < words.Length; i++)
            {
                words[i] = IsRedirect(words[i - 1]) && long.TryParse(words[i], CultureInfo.InvariantCulture, out long given) && given != 0 ? number : words[i];
            }

            Question.Ask(own.Connection, output => Write(output, words), (reply, lost) => done(new Answer(reply, lost, target)));
        }
    }

    private static void Write(OutputBuffer output, string[] words)
    {
        output.WriteArrayHeader(words.Length);
        foreach (string word in words)
        {
            output.WriteBulk(Encoding.Latin1.GetBytes(word));
        }
    }

    private void WriteTracking(Answer answer, OutputBuffer reply)
    {
        if (answer.Reply is not { } bytes)
        {
            Pool.Counters.Count(answer.Failure!.Kind);
            WriteFailure(reply, answer.Failure);
            return;
        }

        if (bytes is [(byte)'+', ..])
        {
            _redirect?.SetTarget(answer.Target);
        }

        reply.Write(Translate(bytes));
    }

    /// <summary>Puts the target's number in the place of that of the connection which the server knows.</summary>
    private byte[] Translate(byte[] reply)
    {
        if (_redirect is not { TargetNumber: { } target } redirect)
        {
            return reply;
        }

        string text = Encoding.Latin1.GetString(reply);
        string known = string.Create(CultureInfo.InvariantCulture, $":{redirect.ServerId}\r\n");
        string own = string.Create(CultureInfo.InvariantCulture, $":{target}\r\n");
        if (text == known)
        {
            return Encoding.Latin1.GetBytes(own);
        }

        // [flags, [flag...], redirect, :number, prefixes, [prefix...]]
        const string Field = "$8\r\nredirect\r\n";
        int at = text.IndexOf(Field + known, StringComparison.Ordinal);
        if (at < 0)
        {
            return reply;
        }

        string before = redirect.IsBroken ? WithFlag(text[..at], "$15\r\nbroken_redirect\r\n") : text[..at];
        return Encoding.Latin1.GetBytes(before + Field + own + text[(at + Field.Length + known.Length)..]);
    }

    /// <summary>A further element for an array that the text ends with.</summary>
    private static string WithFlag(string text, string flag)
    {
        const string Begin = "flags\r\n";
        int count = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length + 1;
        int end = text.IndexOf('\r', count);
        int flags = int.Parse(text.AsSpan(count, end - count), CultureInfo.InvariantCulture) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, count)}{flags}{text.AsSpan(end)}{flag}");
    }

    /// <summary>What the server said, or why not; and the target, if the request named one that there is.</summary>
    private sealed record Answer(byte[]? Reply, Failure? Failure, RedisClient? Target);
}
