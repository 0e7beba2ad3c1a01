using Keyway.Proxy.Relay.Records;

namespace Keyway.Proxy.Relay.Http;

/// <summary>The records of an HTTP request. They outlive the reading of its body while they wait for room.</summary>
internal sealed class ParsedRecords
{
    private readonly List<(int Start, int Length)> _places = [];

    /// <summary>Their bytes, one behind the other, as they are written.</summary>
    internal RecordText Text { get; } = new();

    /// <summary>How many there are.</summary>
    internal int Count => _places.Count;

    /// <summary>The request was of lines, so that the answer says how many.</summary>
    internal bool IsLines { get; private set; }

    /// <summary>The record of that number, from 0.</summary>
    internal ReadOnlySpan<byte> this[int index] => Text.Slice(_places[index].Start, _places[index].Length);

    /// <summary>Begins anew.</summary>
    /// <param name="isLines">The request is of lines.</param>
    /// <param name="limit">Most bytes of a record.</param>
    internal void Begin(bool isLines, int limit)
    {
        IsLines = isLines;
        _places.Clear();
        Text.Begin(limit);
    }

    /// <summary>What was written to <see cref="Text"/> since <paramref name="start"/> is a record.</summary>
    internal void Add(int start) => _places.Add((start, Text.Length - start));
}
