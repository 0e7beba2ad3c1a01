using Keyway.Net.Buffers;

namespace Keyway.Proxy.Redis.Subscriptions;

/// <summary>Acknowledgements: an array of the command's word, the name and the number of subscriptions; for RESP3 a push.</summary>
internal static class SubscriptionReply
{
    internal static void WriteAcknowledgement(this OutputBuffer reply, ReadOnlySpan<byte> word, ReadOnlySpan<byte> name, int count, int respVersion)
    {
        Begin(reply, word, respVersion);
        reply.WriteBulk(name);
        reply.WriteInteger(count);
    }

    /// <summary>UNSUBSCRIBE without arguments by a client that has no subscription of the kind.</summary>
    internal static void WriteNothingLeft(this OutputBuffer reply, ReadOnlySpan<byte> word, int count, int respVersion)
    {
        Begin(reply, word, respVersion);
        reply.WriteNull(respVersion);
        reply.WriteInteger(count);
    }

    private static void Begin(OutputBuffer reply, ReadOnlySpan<byte> word, int respVersion)
    {
        reply.Write(respVersion == 3 ? ">3\r\n"u8 : "*3\r\n"u8);
        reply.WriteBulk(word);
    }
}
