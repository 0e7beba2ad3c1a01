using System.Text;

namespace Keyway.Proxy.Tests.Rig;

/// <summary>Answers GET with the key and MGET with the keys, as late and in as small pieces as a random number says.</summary>
internal sealed class EchoServer(RigServer server)
{
    private RigServerConnection? _connection;
    private string _unparsed = "";
    private string _unsent = "";

    /// <summary>Sends a part of what is due.</summary>
    public void AnswerSome(Random random)
    {
        Take();
        int length = random.Next(_unsent.Length + 1);
        Send(random.Next(2) == 0 ? _unsent.Length : length);
    }

    /// <summary>Sends everything that is due.</summary>
    public void AnswerAll()
    {
        Take();
        Send(_unsent.Length);
    }

    /// <summary>Breaks the connection, with whatever is on its way.</summary>
    public void Break()
    {
        Take();
        _connection?.Dispose();
    }

    private void Take()
    {
        if (server.Connections.Count == 0)
        {
            return;
        }

        if (_connection != server.Last)
        {
            _connection?.Dispose();
            _connection = server.Last;
            _unparsed = "";
            _unsent = "";
        }

        if (_connection.Socket.SafeHandle.IsClosed)
        {
            return;
        }

        _unparsed += _connection.ReceiveText();
        while (TryParse(out string[] words))
        {
            string bulks = string.Concat(words.Skip(1).Select(static word => $"${word.Length}\r\n{word}\r\n"));
            _unsent += words[0] == "MGET" ? $"*{words.Length - 1}\r\n{bulks}" : bulks;
        }
    }

    private void Send(int length)
    {
        if (_connection is not null && !_connection.Socket.SafeHandle.IsClosed)
        {
            _ = _connection.TrySend(Encoding.Latin1.GetBytes(_unsent[..length]));
            _unsent = _unsent[length..];
        }
    }

    // *2~$3~GET~$4~key1~
    private bool TryParse(out string[] words)
    {
        words = [];
        string[] lines = _unparsed.Split('~');
        if (lines.Length < 2)
        {
            return false;
        }

        int count = int.Parse(lines[0].AsSpan(1));
        int length = 1 + (2 * count);
        if (lines.Length <= length)
        {
            return false;
        }

        words = [.. Enumerable.Range(0, count).Select(i => lines[2 + (2 * i)])];
        _unparsed = string.Join('~', lines[length..]);
        return true;
    }
}
