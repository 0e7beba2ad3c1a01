using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Smart;

/// <summary>
/// A client that writes rising numbers, each to a key of its own and to one that has the last of its hundred, and remembers which were acknowledged. When its
/// connection ends it goes on over the next.
/// </summary>
internal sealed class NumberWriter : IDisposable
{
    private const int Pipeline = 8;

    private readonly Thread _thread;
    private readonly int _port;
    private readonly string _name;
    private volatile bool _stopped;
    private long _acknowledgedCount;

    public NumberWriter(int port, string name)
    {
        _port = port;
        _name = name;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The numbers that were acknowledged; complete after <see cref="Stop"/>.</summary>
    public List<long> Acknowledged { get; } = [];

    /// <summary>The last number that was sent.</summary>
    public long Sent { get; private set; }

    /// <summary>How many are acknowledged so far.</summary>
    public long AcknowledgedCount => Volatile.Read(ref _acknowledgedCount);

    /// <summary>How many numbers share a key that has the last of them.</summary>
    public const int Hundred = 100;

    /// <summary>The key with the last number of its hundred: it shows the order in which they were delivered.</summary>
    public string LastKeyOf(long number) => $"{_name}:last:{number / Hundred}";

    /// <summary>The key of a number.</summary>
    public string KeyOf(long number) => $"{_name}:{number}";

    public void Stop()
    {
        _stopped = true;
        _thread.Join();
    }

    public void Dispose() => Stop();

    private void Run()
    {
        while (!_stopped)
        {
            try
            {
                using RespClient client = RespClient.Connect(_port, TimeSpan.FromSeconds(10));
                while (!_stopped)
                {
                    WriteSome(client);
                    Thread.Sleep(2); // else the backlog of some seconds is more than a busy machine delivers in the time of a test
                }
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException)
            {
                Thread.Sleep(2); // the proxy is being started again
            }
        }
    }

    private void WriteSome(RespClient client)
    {
        long first = Sent + 1;
        List<byte> requests = [];
        for (int i = 0; i < Pipeline; i++)
        {
            string number = $"{++Sent}";
            requests.AddRange(RespClient.Encode("SET", KeyOf(Sent), number));
            requests.AddRange(RespClient.Encode("SET", LastKeyOf(Sent), number));
        }

        client.SendRaw(requests.ToArray());
        for (long number = first; number <= Sent; number++)
        {
            bool isKept = client.ReadReply().Text == "OK";
            if (client.ReadReply().Text == "OK" && isKept)
            {
                Acknowledged.Add(number);
                Volatile.Write(ref _acknowledgedCount, Acknowledged.Count);
            }
        }
    }
}
