using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Redis.Subscriptions;

namespace Keyway.Proxy.Redis;

/// <content>Subscriptions: what the client has, and the messages that come to it between its replies.</content>
internal sealed partial class RedisClient
{
    /// <summary>Null until it first subscribes.</summary>
    internal ClientSubscriptions? Subscriptions { get; private set; }

    /// <summary>RESP2 has no mark that tells messages from replies: with a subscription, few commands are allowed.</summary>
    internal bool IsInSubscriberMode => RespVersion == 2 && AwaitsMessages;

    /// <inheritdoc/>
    internal override bool AwaitsMessages => Subscriptions is { IsEmpty: false };

    private SubscriptionHub Hub => _protocol.Subscriptions(Pool);

    /// <summary>Becomes a subscriber and acknowledges it.</summary>
    internal void Join(Topic topic, OutputBuffer reply)
    {
        ClientSubscriptions own = Subscriptions!;
        Pool.Counters.Subscribers += own.IsEmpty ? 1 : 0;
        own.Of(topic.Kind).Add(topic);
        topic.Subscribers.Add(this);
        reply.WriteAcknowledgement(TopicWords.Subscribe(topic.Kind), topic.Name, own.CountFor(topic.Kind), RespVersion);
    }

    /// <summary>Takes a place for acknowledgements that servers decide about; the client is not read until <see cref="EndChange"/>.</summary>
    internal SubscriptionChange BeginChange(Func<Request, SubscriptionChange> make)
    {
        Request place = Pool.Requests.Rent();
        Enqueue(place);
        place.IsMuted = false; // CLIENT REPLY does not hold for messages, and acknowledgements are such
        Pause(PauseReasons.Barrier);
        SubscriptionChange change = make(place);
        (Subscriptions ??= new ClientSubscriptions()).Change = change;
        return change;
    }

    /// <summary>The acknowledgements in the place are complete, or there is a failure instead.</summary>
    internal void EndChange(Request place, Failure? failure = null)
    {
        Subscriptions!.Change = null;
        if (failure is null)
        {
            Finish(place);
        }
        else
        {
            Fail(place, failure);
        }

        Unpause(PauseReasons.Barrier);
    }

    /// <summary>Gives a message to the client; its bytes as RESP2 has them.</summary>
    internal void PushMessage(ReadOnlySpan<byte> message, SlowSubscribers slow)
    {
        if (IsClosing)
        {
            return;
        }

        long before = Backlog;
        Push(RespVersion == 3 ? ">"u8 : "*"u8, message[1..]);
        slow.Check(this, Subscriptions!, before);
    }

    /// <summary>For commands that begin only when everything before them is answered. True: not yet.</summary>
    private bool MustWaitForAnswers()
    {
        if (IsIdle)
        {
            return false;
        }

        Pause(PauseReasons.Order);
        return true;
    }

    /// <summary>True when the command is not allowed now and has been answered. As Redis, mistakes of the command come first, and EXEC discards.</summary>
    private bool RefuseInSubscriberMode(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!IsInSubscriberMode || SubscriptionCommands.IsAllowed(command))
        {
            return false;
        }

        ReplyArgumentError(
            command,
            ArgumentError(command, frame, args)
            ?? $"ERR Can't execute '{command.Name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        return true;
    }

    /// <summary>SUBSCRIBE, UNSUBSCRIBE and their kin. False: not yet.</summary>
    private bool RouteSubscription(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!command.AcceptsCount(args.Count))
        {
            ReplyError(WrongArguments(command));
            return true;
        }

        if (MustWaitForAnswers())
        {
            return false;
        }

        (TopicKind kind, bool isSubscribe) = SubscriptionCommands.Of(command);
        if (isSubscribe)
        {
            Hub.Subscribe(this, kind, frame, args);
        }
        else
        {
            Unsubscribe(kind, frame, args);
        }

        return true;
    }

    /// <summary>The client leaves at once; the acknowledgement waits for the servers where it was the last, so that what others ask them next is true.</summary>
    private void Unsubscribe(TopicKind kind, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        SubscriptionChange change = BeginChange(place => new SubscriptionChange(Hub, this, place, null));
        OutputBuffer reply = change.Place.Reply(Reactor.Buffers);
        ReadOnlySpan<byte> word = TopicWords.Unsubscribe(kind);
        HashSet<Topic> topics = Subscriptions!.Of(kind);
        List<Topic> unwanted = [];
        if (args.Count == 1 && topics.Count == 0)
        {
            reply.WriteNothingLeft(word, Subscriptions.CountFor(kind), RespVersion);
        }
        else if (args.Count == 1)
        {
            foreach (Topic topic in topics)
            {
                LeaveTopic(topic, unwanted);
                reply.WriteAcknowledgement(word, topic.Name, Subscriptions.CountFor(kind), RespVersion);
            }
        }
        else
        {
            for (int i = 1; i < args.Count; i++)
            {
                ReadOnlySpan<byte> name = args.Get(frame, i);
                if (Hub.Topics(kind).Find(name) is { } topic && topics.Contains(topic))
                {
                    LeaveTopic(topic, unwanted);
                }

                reply.WriteAcknowledgement(word, name, Subscriptions.CountFor(kind), RespVersion);
            }
        }

        Hub.End(change, unwanted);
    }

    private void LeaveTopic(Topic topic, List<Topic> unwanted)
    {
        Subscriptions!.Of(topic.Kind).Remove(topic);
        Pool.Counters.Subscribers -= Subscriptions.IsEmpty ? 1 : 0;
        topic.Subscribers.Remove(this);
        if (!topic.IsWanted)
        {
            unwanted.Add(topic);
        }
    }

    private void LeaveSubscriptions()
    {
        if (Subscriptions is { } own)
        {
            Hub.Leave(this, own);
        }
    }

    /// <summary>PUBLISH where the server is in this process. False: not yet, since what was asked before is still on its way to the data.</summary>
    private bool PublishLocally(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (MustWaitForAnswers())
        {
            return false;
        }

        TopicKind kind = command.Name is "publish" ? TopicKind.Channel : TopicKind.ShardChannel;
        byte[] channel = args.Get(frame, 1).ToArray();
        byte[] message = args.Get(frame, 2).ToArray();
        AnswerLater<long>(
            done => LocalBus.Publish(Pool, kind, channel, message, done),
            static (_, count, reply) => reply.WriteInteger(count));
        return true;
    }
}
