using System.Numerics;

namespace Keyway.Proxy.Pipelining;

/// <summary>
/// The keys of one command grouped by place (server or slot): lists threaded through arrays, so that grouping is linear in keys, whatever the number of
/// places, and allocates nothing once warm.
/// </summary>
internal sealed class KeyGrouping
{
    private int[] _groupOfPlace = [];
    private int[] _commandOfPlace = []; // whose group that is: older ones need no clearing
    private int[] _place = [];
    private int[] _first = [];
    private int[] _last = [];
    private int[] _count = [];
    private int[] _next = [];
    private int _command;

    /// <summary>Groups that there are; they are numbered from 0 in the order of their first keys.</summary>
    internal int Groups { get; private set; }

    /// <summary>Forgets the last command.</summary>
    /// <param name="places">Places are numbered from 0 to one less.</param>
    /// <param name="keys">The command's keys.</param>
    internal void Begin(int places, int keys)
    {
        if (_groupOfPlace.Length < places)
        {
            _groupOfPlace = new int[places];
            _commandOfPlace = new int[places];
        }

        if (_next.Length < keys)
        {
            int room = (int)BitOperations.RoundUpToPowerOf2((uint)keys);
            _next = new int[room];
            _place = new int[room];
            _first = new int[room];
            _last = new int[room];
            _count = new int[room];
        }

        if (++_command == int.MaxValue)
        {
            Array.Clear(_commandOfPlace);
            _command = 1;
        }

        Groups = 0;
    }

    /// <summary>Key number <paramref name="key"/> (rising from 0) belongs to <paramref name="place"/>.</summary>
    internal void Add(int key, int place)
    {
        _next[key] = -1;
        int group;
        if (_commandOfPlace[place] != _command)
        {
            group = Groups++;
            _commandOfPlace[place] = _command;
            _groupOfPlace[place] = group;
            _place[group] = place;
            _count[group] = 0;
            _first[group] = key;
        }
        else
        {
            group = _groupOfPlace[place];
            _next[_last[group]] = key;
        }

        _last[group] = key;
        _count[group]++;
    }

    /// <summary>The place of a group.</summary>
    internal int PlaceOf(int group) => _place[group];

    /// <summary>How many keys the group has.</summary>
    internal int CountOf(int group) => _count[group];

    /// <summary>The group's first key.</summary>
    internal int FirstOf(int group) => _first[group];

    /// <summary>The next key of the same group, or -1.</summary>
    internal int NextOf(int key) => _next[key];
}
