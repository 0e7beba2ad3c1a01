using System.Net;
using System.Text;
using Keyway.Testing;

namespace Keyway.IntegrationTests.Relay;

/// <summary>An HTTP endpoint that takes lines and remembers how often it took each. Some calls it refuses with 503, having taken nothing.</summary>
internal sealed class LedgerServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly Task _task;

    public LedgerServer(int seed)
    {
        _random = new Random(seed);
        int port = FreePorts.Next();
        Address = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _task = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>How many records of a call were the most.</summary>
    public int LargestCall { get; private set; }

    /// <summary>Every line that was taken, and how often.</summary>
    public Dictionary<string, int> Taken
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_taken, StringComparer.Ordinal);
            }
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _task.Wait();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using StreamReader reader = new(context.Request.InputStream, Encoding.Latin1);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = Take(body) ? 200 : 503;
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Keyway was killed with the call under way.
        }
    }

    private bool Take(string body)
    {
        string[] lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lock (_lock)
        {
            if (_random.Next(20) == 0)
            {
                return false;
            }

            LargestCall = Math.Max(LargestCall, lines.Length);
            foreach (string line in lines)
            {
                _taken[line] = _taken.GetValueOrDefault(line) + 1;
            }

            return true;
        }
    }
}
