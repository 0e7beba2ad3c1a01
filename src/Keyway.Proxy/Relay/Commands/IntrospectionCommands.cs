using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Relay.Commands;

/// <summary>COMMAND, CONFIG and INFO: some libraries will not begin without them.</summary>
internal static class IntrospectionCommands
{
    internal static void Command(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ReadOnlySpan<byte> subcommand = args.Count > 1 ? args.Get(frame, 1) : default;
        OutputBuffer reply = client.BeginReply(out Request? place);
        if (Ascii.EqualsIgnoreCase(subcommand, "COUNT"u8))
        {
            reply.WriteInteger(RelayCommandTable.All.Count);
        }
        else if (Ascii.EqualsIgnoreCase(subcommand, "LIST"u8))
        {
            reply.WriteArrayHeader(RelayCommandTable.All.Count);
            foreach (RelayCommand command in RelayCommandTable.All)
            {
                reply.WriteBulk(Encoding.ASCII.GetBytes(command.Name));
            }
        }
        else if (Ascii.EqualsIgnoreCase(subcommand, "DOCS"u8))
        {
            reply.WriteMapHeader(0, client.RespVersion);
        }
        else if (Ascii.EqualsIgnoreCase(subcommand, "INFO"u8) && args.Count > 2)
        {
            reply.WriteArrayHeader(args.Count - 2);
            for (int i = 2; i < args.Count; i++)
            {
                WriteInfo(reply, RelayCommandTable.Find(args.Get(frame, i)), client.RespVersion);
            }
        }
        else if (subcommand.IsEmpty || Ascii.EqualsIgnoreCase(subcommand, "INFO"u8))
        {
            reply.WriteArrayHeader(RelayCommandTable.All.Count);
            foreach (RelayCommand command in RelayCommandTable.All)
            {
                WriteInfo(reply, command, client.RespVersion);
            }
        }
        else
        {
            reply.WriteError($"ERR unknown subcommand '{Encoding.Latin1.GetString(subcommand[..Math.Min(subcommand.Length, 128)])}'. Try COMMAND LIST.");
        }

        client.EndReply(place);
    }

    /// <summary>No setting of Redis is here to be read.</summary>
    internal static void Config(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args)
    {
        if (!Ascii.EqualsIgnoreCase(args.Get(frame, 1), "GET"u8) || args.Count < 3)
        {
            client.ReplyError("ERR a relay has no settings that CONFIG could change; CONFIG GET answers that there are none");
            return;
        }

        OutputBuffer reply = client.BeginReply(out Request? place);
        reply.WriteMapHeader(0, client.RespVersion);
        client.EndReply(place);
    }

    /// <summary>The whole text whatever section is asked for: it is short.</summary>
    internal static void Info(RelayClient client, ReadOnlySpan<byte> frame, RequestArgs args) =>
        client.ReplyVerbatim(Encoding.UTF8.GetBytes(
            $"# Server\r\nredis_version:{SessionCommands.RedisVersion}\r\nredis_mode:standalone\r\n\r\n# Persistence\r\nloading:0\r\n\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n"
            + KeywaySection.Text(client.Pool)));

    private static void WriteInfo(OutputBuffer reply, RelayCommand? command, int respVersion)
    {
        if (command is null)
        {
            reply.Write(respVersion == 3 ? RespWriter.Null : RespWriter.NullArray);
            return;
        }

        string[] flags = command.Flags.Split(' ');
        reply.WriteArrayHeader(6);
        reply.WriteBulk(Encoding.ASCII.GetBytes(command.Name));
        reply.WriteInteger(command.Arity);
        reply.WriteArrayHeader(flags.Length);
        foreach (string flag in flags)
        {
            reply.Write(Encoding.ASCII.GetBytes($"+{flag}\r\n"));
        }

        reply.WriteInteger(command.FirstKey);
        reply.WriteInteger(command.FirstKey);
        reply.WriteInteger(command.FirstKey);
    }
}
