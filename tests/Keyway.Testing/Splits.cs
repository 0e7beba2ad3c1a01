namespace Keyway.Testing;

/// <summary>The ways in which a network may cut bytes: whole, in two at every byte, and one byte at a time.</summary>
public static class Splits
{
    // Long payloads are cut near both ends and at a stride between, or the work would be quadratic.
    private const int AllCutsUpTo = 512;

    /// <summary>The pieces of <paramref name="payload"/>, one list for each way of cutting.</summary>
    public static IEnumerable<IReadOnlyList<byte[]>> Of(byte[] payload)
    {
        yield return [payload];
        foreach (int cut in Cuts(payload.Length))
        {
            yield return [payload[..cut], payload[cut..]];
        }

        yield return [.. payload.Select(b => new[] { b })];
    }

    private static IEnumerable<int> Cuts(int length)
    {
        int stride = Math.Max(1, length / AllCutsUpTo);
        for (int cut = 1; cut < length; cut += cut < 64 || cut > length - 64 - stride ? 1 : stride)
        {
            yield return cut;
        }
    }
}
