using System.Globalization;

namespace Keyway.FirehoseServer;

/// <summary>Which call meets which fault: first what is scripted, then by rates. Any thread.</summary>
public sealed class FaultScript(string rates, int seed)
{
    private readonly Lock _lock = new();
    private readonly Queue<Fault> _scripted = [];
    private readonly Random _random = new(seed);
    private (Fault Fault, double Rate)[] _rates = ReadRates(rates);

    /// <summary>Scripted faults that have not happened yet.</summary>
    public int Left
    {
        get
        {
            lock (_lock)
            {
                return _scripted.Count;
            }
        }
    }

    /// <summary>Adds to the script: <c>ok,slow:0.5,unavailable*3</c>, each for so many calls.</summary>
    public void Add(string script)
    {
        lock (_lock)
        {
            foreach (string part in script.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                string[] times = part.Split('*', 2);
                Fault fault = Fault.Parse(times[0]);
                for (int i = times.Length == 2 ? int.Parse(times[1], CultureInfo.InvariantCulture) : 1; i > 0; i--)
                {
                    _scripted.Enqueue(fault);
                }
            }
        }
    }

    /// <summary>Sets how often what happens when the script is over: <c>slow:0.5=0.1,reset-after=0.01</c>.</summary>
    public void SetRates(string rates)
    {
        (Fault, double)[] read = ReadRates(rates);
        lock (_lock)
        {
            _rates = read;
        }
    }

    /// <summary>Takes the next call's.</summary>
    public Fault Next()
    {
        lock (_lock)
        {
            if (_scripted.TryDequeue(out Fault fault))
            {
                return fault;
            }

            double at = _random.NextDouble();
            foreach ((Fault rated, double rate) in _rates)
            {
                if (at < rate)
                {
                    return rated;
                }

                at -= rate;
            }

            return default;
        }
    }

    /// <summary>Which of so many records fail: a share of them, at random, but one at least.</summary>
    public bool[] Choose(int count, double share)
    {
        lock (_lock)
        {
            bool[] fails = new bool[count];
            for (int i = 0; i < count; i++)
            {
                fails[i] = _random.NextDouble() < share;
            }

            fails[_random.Next(count)] = true;
            return fails;
        }
    }

    private static (Fault Fault, double Rate)[] ReadRates(string rates) =>
    [
        .. rates.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static part => part.Split('=', 2))
            .Select(static pair => (Fault.Parse(pair[0]), double.Parse(pair[1], CultureInfo.InvariantCulture))),
    ];
}
