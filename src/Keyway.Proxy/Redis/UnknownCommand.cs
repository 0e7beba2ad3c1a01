using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis;

/// <summary>The error for a command that neither the table nor the servers know, as Redis 7.0 words it.</summary>
internal static class UnknownCommand
{
    private const int MostBytes = 128; // of the name, and of all arguments shown

    internal static string Text(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        StringBuilder text = new("ERR unknown command '");
        text.Append(Shown(args.Get(frame, 0), MostBytes)).Append("', with args beginning with: ");
        int shown = 0;
        for (int i = 1; i < args.Count && shown < MostBytes; i++)
        {
            string arg = Shown(args.Get(frame, i), MostBytes - shown);
            text.Append('\'').Append(arg).Append("' ");
            shown += arg.Length + 3;
        }

        return text.ToString();
    }

    private static string Shown(ReadOnlySpan<byte> bytes, int most) => Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, most)]);
}
