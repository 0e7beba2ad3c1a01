using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;

namespace Keyway.Protocol.Tests.Commands;

/// <summary>Requests for tests, written as a line of words.</summary>
internal sealed class Requests
{
    private readonly RequestArgs _args = new();

    /// <summary>The words as a frame, of which the arguments are the parts.</summary>
    public RequestArgs Parse(string line, out byte[] frame)
    {
        _args.Clear();
        StringBuilder text = new();
        string[] words = line.Split(' ');
        text.Append('*').Append(words.Length).Append("\r\n");
        foreach (string word in words)
        {
            text.Append('$').Append(word.Length).Append("\r\n");
            _args.Add(text.Length, word.Length);
            text.Append(word).Append("\r\n");
        }

        frame = Encoding.ASCII.GetBytes(text.ToString());
        return _args;
    }

    /// <summary>The command that a line of words names.</summary>
    public static CommandInfo CommandOf(string line)
    {
        string[] words = line.Split(' ');
        return CommandTable.BuiltIn.Resolve(Encoding.ASCII.GetBytes(words[0]), Encoding.ASCII.GetBytes(words.Length > 1 ? words[1] : ""))!;
    }
}
