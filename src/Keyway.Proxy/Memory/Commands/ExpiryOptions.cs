namespace Keyway.Proxy.Memory.Commands;

/// <summary>The options of SET and GETEX.</summary>
internal ref struct ExpiryOptions
{
    /// <summary>SET: only if the key is not there.</summary>
    public bool IfAbsent { get; private set; }

    /// <summary>SET: only if the key is there.</summary>
    public bool IfPresent { get; private set; }

    /// <summary>SET: answer the old value.</summary>
    public bool Get { get; private set; }

    /// <summary>SET: leave the expiry as it is.</summary>
    public bool KeepExpiry { get; private set; }

    /// <summary>GETEX: the key stays from now on.</summary>
    public bool Persist { get; private set; }

    /// <summary>Index of the expiry's number, 0 without.</summary>
    public int ExpiryIndex { get; private set; }

    /// <summary>The expiry is in seconds, else in milliseconds.</summary>
    public bool InSeconds { get; private set; }

    /// <summary>The expiry is a time, else a time from now.</summary>
    public bool IsAbsolute { get; private set; }

    // EX, PX, EXAT and PXAT exclude each other, but each may be repeated: the last one counts.
    private int _expiryKind;

    /// <summary>Reads the options from argument <paramref name="first"/> on; false for what Redis calls a syntax error.</summary>
    public static bool TryParse(in MemoryCall call, int first, bool isSet, out ExpiryOptions options)
    {
        options = default;
        for (int i = first; i < call.Count; i++)
        {
            bool right = isSet && options.TakeSetOption(call, i);
            if (!right && !isSet && call.Is(i, "PERSIST"u8) && options.ExpiryIndex == 0)
            {
                options.Persist = true;
                right = true;
            }

            if (!right)
            {
                if (!options.TakeExpiry(call, i))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private bool TakeSetOption(in MemoryCall call, int index)
    {
        if (call.Is(index, "NX"u8) && !IfPresent)
        {
            return IfAbsent = true;
        }

        if (call.Is(index, "XX"u8) && !IfAbsent)
        {
            return IfPresent = true;
        }

        if (call.Is(index, "GET"u8))
        {
            return Get = true;
        }

        return call.Is(index, "KEEPTTL"u8) && ExpiryIndex == 0 && (KeepExpiry = true);
    }

    private bool TakeExpiry(in MemoryCall call, int index)
    {
        int kind = call.Is(index, "EX"u8) ? 1 : call.Is(index, "PX"u8) ? 2 : call.Is(index, "EXAT"u8) ? 3 : call.Is(index, "PXAT"u8) ? 4 : 0;
        if (kind == 0 || (_expiryKind != 0 && _expiryKind != kind) || KeepExpiry || Persist || index + 1 >= call.Count)
        {
            return false;
        }

        _expiryKind = kind;
        ExpiryIndex = index + 1;
        InSeconds = kind is 1 or 3;
        IsAbsolute = kind is 3 or 4;
        return true;
    }
}
