namespace Keyway.Proxy.Smart;

/// <summary>The writes of a queue, by their numbers: first in, first out. It grows with them.</summary>
internal sealed class WriteRing
{
    private EarlyWrite[] _items = new EarlyWrite[64];

    /// <summary>The number of the oldest; of the next to come when it is empty.</summary>
    internal long First { get; private set; }

    /// <summary>The number of the next to come.</summary>
    internal long End { get; private set; }

    /// <summary>The write of that number, from <see cref="First"/> to before <see cref="End"/>.</summary>
    internal ref EarlyWrite this[long number] => ref _items[number & (_items.Length - 1)];

    /// <summary>Adds one; returns its number.</summary>
    internal long Add(in EarlyWrite write)
    {
        if (End - First == _items.Length)
        {
            EarlyWrite[] larger = new EarlyWrite[_items.Length * 2];
            for (long i = First; i < End; i++)
            {
                larger[i & (larger.Length - 1)] = this[i];
            }

            _items = larger;
        }

        this[End] = write;
        return End++;
    }

    /// <summary>Takes the oldest off.</summary>
    internal void Remove()
    {
        this[First] = default;
        First++;
    }
}
