using System.Net.Sockets;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay;

/// <summary>A client that sends records with rising numbers and remembers which were acknowledged. When its connection ends it goes on over the next.</summary>
internal sealed class RecordWriter : IDisposable
{
    private const int Pipeline = 8;

    private readonly Thread _thread;
    private readonly int _port;
    private readonly string _name;
    private volatile bool _stopped;
    private long _sent;
    private long _acknowledgedCount;

    public RecordWriter(int port, string name)
    {
        _port = port;
        _name = name;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The records that were acknowledged; complete after <see cref="Stop"/>.</summary>
    public List<string> Acknowledged { get; } = [];

    public long AcknowledgedCount => Volatile.Read(ref _acknowledgedCount);

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
                using RespClient client = RespClient.Connect(_port, TimeSpan.FromSeconds(20));
                while (!_stopped)
                {
                    WriteSome(client);
                }
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException)
            {
                Thread.Sleep(2); // the relay is being started again
            }
        }
    }

    private void WriteSome(RespClient client)
    {
        string[] records = [.. Enumerable.Range(0, Pipeline).Select(_ => $"{_name}:{++_sent}")];
        client.SendRaw([.. records.SelectMany(static record => RespClient.Encode("RAWSET", record))]);
        foreach (string record in records)
        {
            if (client.ReadReply().Text == "OK")
            {
                Acknowledged.Add(record);
                Volatile.Write(ref _acknowledgedCount, Acknowledged.Count);
            }
        }
    }
}
