using System.Text;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Commands;

/// <summary>An option that makes a command wait on its connection: BLOCK of XREAD and XREADGROUP.</summary>
/// <param name="word">The option, upper case.</param>
/// <param name="from">The first argument that can be the option.</param>
/// <param name="stop">The word, upper case, behind which it is no longer an option but data.</param>
public sealed class BlockingOption(string word, int from, string stop)
{
    private readonly byte[] _word = Encoding.ASCII.GetBytes(word);
    private readonly byte[] _stop = Encoding.ASCII.GetBytes(stop);

    /// <summary>The option, upper case.</summary>
    public string Word => word;

    /// <summary>True if a request has the option.</summary>
    public bool IsGiven(ReadOnlySpan<byte> frame, RequestArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        for (int i = from; i < args.Count; i++)
        {
            ReadOnlySpan<byte> arg = args.Get(frame, i);
            if (Ascii.EqualsIgnoreCase(arg, _word))
            {
                return true;
            }

            if (Ascii.EqualsIgnoreCase(arg, _stop))
            {
                return false;
            }
        }

        return false;
    }
}
