using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Proxy.Memory.Commands;

/// <summary>Strings that hold a number.</summary>
internal static class CounterCommands
{
    public static void Incr(in MemoryCall call) => Add(call, 1);

    public static void Decr(in MemoryCall call) => Add(call, -1);

    public static void IncrBy(in MemoryCall call)
    {
        if (call.TryInteger(2, out long step))
        {
            Add(call, step);
        }
    }

    public static void DecrBy(in MemoryCall call)
    {
        if (!call.TryInteger(2, out long step))
        {
            return;
        }

        if (step == long.MinValue)
        {
            call.Reply.Error("ERR decrement would overflow"u8);
            return;
        }

        Add(call, -step);
    }

    public static void IncrByFloat(in MemoryCall call)
    {
        MemoryEntry? entry = call.Find(1);
        if (!call.IsStringOrNone(entry))
        {
            return;
        }

        ExtendedFloat value = default;
        if ((entry is not null && !ExtendedFloat.TryParse(entry.Text, out value)) || !ExtendedFloat.TryParse(call[2], out ExtendedFloat step))
        {
            call.Reply.Error(MemoryErrors.NotFloat);
            return;
        }

        value += step;
        if (!value.IsFinite)
        {
            call.Reply.Error(MemoryErrors.NotFinite);
            return;
        }

        byte[] text = Encoding.ASCII.GetBytes(value.ToString());
        call.SetString(call[1], text, keepExpiry: true);
        call.Reply.Bulk(text);
    }

    private static void Add(in MemoryCall call, long step)
    {
        MemoryEntry? entry = call.Find(1);
        if (!call.IsStringOrNone(entry))
        {
            return;
        }

        long value = 0;
        if (entry is not null && !RespLength.TryParse(entry.Text, out value))
        {
            call.Reply.Error(MemoryErrors.NotInteger);
            return;
        }

        if (step > 0 ? value > long.MaxValue - step : value < long.MinValue - step)
        {
            call.Reply.Error(MemoryErrors.Overflow);
            return;
        }

        value += step;
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        call.SetString(call[1], digits[..length].ToArray(), keepExpiry: true);
        call.Reply.Integer(value);
    }
}
