using System.Text;
using Keyway.Net.Buffers;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Redis.Pinning;

/// <summary>Elements that a blocking command took although its client had gone: nobody will get them, so they go back where they came from.</summary>
internal static class PutBack
{
    /// <summary>Where what this request takes would have to go back to.</summary>
    internal static PutBackEnd EndOf(CommandInfo command, ReadOnlySpan<byte> frame, RequestArgs args, KeyList keys)
    {
        switch (command.Name)
        {
            case "blpop":
                return PutBackEnd.Left;
            case "brpop":
                return PutBackEnd.Right;
            case "bzpopmin" or "bzpopmax" or "bzmpop":
                return PutBackEnd.SortedSet;
            case "blmpop":
                // BLMPOP timeout numkeys key [key ...] LEFT|RIGHT
                int side = KeyFinder.Find(command, frame, args, keys) == KeyStatus.Found ? keys[keys.Count - 1] + 1 : args.Count;
                return side < args.Count && Ascii.EqualsIgnoreCase(args.Get(frame, side), "RIGHT"u8) ? PutBackEnd.Right : PutBackEnd.Left;
            default:
                return PutBackEnd.None;
        }
    }

    /// <summary>
    /// Writes the request that puts the elements of a reply back: [key, element], [key, [element...]], [key, member, score] or
    /// [key, [[member, score]...]].
    /// </summary>
    /// <returns>How many elements; 0 if there are none and nothing was written.</returns>
    internal static int Write(PutBackEnd end, ReadOnlySpan<byte> reply, OutputBuffer output)
    {
        RespReader reader = new(reply);
        if (end == PutBackEnd.None || !reader.TryReadNext() || !reader.IsAggregate || reader.IsNull || reader.ChildCount < 2 || !reader.TryReadNext())
        {
            return 0;
        }

        ReadOnlySpan<byte> key = reader.Bytes;
        List<byte[]> elements = Scalars(ref reader);
        if (end == PutBackEnd.SortedSet)
        {
            output.WriteArrayHeader(2 + elements.Count);
            output.WriteBulk("ZADD"u8);
            output.WriteBulk(key);
            for (int i = 0; i + 1 < elements.Count; i += 2)
            {
                output.WriteBulk(elements[i + 1]);
                output.WriteBulk(elements[i]);
            }

            return elements.Count / 2;
        }

        // The element taken first is pushed last: it was outermost.
        output.WriteArrayHeader(2 + elements.Count);
        output.WriteBulk(end == PutBackEnd.Left ? "LPUSH"u8 : "RPUSH"u8);
        output.WriteBulk(key);
        for (int i = elements.Count - 1; i >= 0; i--)
        {
            output.WriteBulk(elements[i]);
        }

        return elements.Count;
    }

    private static List<byte[]> Scalars(ref RespReader reader)
    {
        List<byte[]> scalars = [];
        while (reader.TryReadNext())
        {
            if (!reader.IsAggregate)
            {
                scalars.Add(reader.Bytes.ToArray());
            }
        }

        return scalars;
    }
}
