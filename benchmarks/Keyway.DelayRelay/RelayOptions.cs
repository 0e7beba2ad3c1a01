using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Keyway.DelayRelay;

/// <summary>The command line.</summary>
/// <param name="Listen">Where clients connect.</param>
/// <param name="To">The server.</param>
/// <param name="Delay">How long each direction takes: half of a round trip.</param>
internal sealed record RelayOptions(EndPoint Listen, EndPoint To, TimeSpan Delay)
{
    /// <summary>What is printed after a mistake.</summary>
    public const string Usage = """
        Usage: Keyway.DelayRelay LISTEN TO MILLISECONDS

          LISTEN, TO      127.0.0.1:port (port 0: any) or /path/of/a/unix.socket
          MILLISECONDS    the delay of each direction, for example 0.5

        Prints "ready ADDRESS", and at SIGTERM how late the bytes were released.
        """;

    /// <summary>Reads the arguments; throws <see cref="FormatException"/> with a message for the user.</summary>
    public static RelayOptions Parse(IReadOnlyList<string> arguments) =>
        arguments.Count == 3 && double.TryParse(arguments[2], CultureInfo.InvariantCulture, out var milliseconds) && milliseconds >= 0
            ? new RelayOptions(EndPointOf(arguments[0]), EndPointOf(arguments[1]), TimeSpan.FromMilliseconds(milliseconds))
            : throw new FormatException("Two addresses and a delay are needed.");

    private static EndPoint EndPointOf(string text)
    {
        if (text.StartsWith('/'))
        {
            return new UnixDomainSocketEndPoint(text);
        }

        return IPEndPoint.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address.");
    }
}
