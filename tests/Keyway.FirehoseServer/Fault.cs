using System.Globalization;

namespace Keyway.FirehoseServer;

/// <summary>What goes wrong with a call.</summary>
/// <param name="Kind">What.</param>
/// <param name="Value">The share of its records that fail, or milliseconds.</param>
public readonly record struct Fault(FaultKind Kind, double Value)
{
    private static readonly Dictionary<string, FaultKind> Names =
        Enum.GetValues<FaultKind>().ToDictionary(static kind => kind.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads <c>KIND</c> or <c>KIND:VALUE</c>; a kind may be written with dashes.</summary>
    public static Fault Parse(string text)
    {
        string[] parts = text.Trim().Split(':', 2);
        if (!Names.TryGetValue(parts[0].Replace("-", "", StringComparison.Ordinal), out FaultKind kind))
        {
            throw new FormatException($"\"{parts[0]}\" is no fault; there are {string.Join(", ", Names.Keys)}.");
        }

        return new Fault(kind, parts.Length == 2 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : 1);
    }
}

/// <summary>What can go wrong with a call.</summary>
public enum FaultKind
{
    /// <summary>Nothing.</summary>
    Ok,

    /// <summary>A share of the records is answered with ServiceUnavailableException, "Slow down.", in a 200.</summary>
    Slow,

    /// <summary>A share of the records is answered with InternalFailure, in a 200.</summary>
    Fail,

    /// <summary>ServiceUnavailableException, 503.</summary>
    Unavailable,

    /// <summary>InternalFailure, 500.</summary>
    Internal,

    /// <summary>ThrottlingException, 400.</summary>
    Throttle,

    /// <summary>LimitExceededException, 429 with a Retry-After of <see cref="Fault.Value"/> seconds.</summary>
    TooMany,

    /// <summary>A gateway's page, 502.</summary>
    Html,

    /// <summary>AccessDenied in XML, 403.</summary>
    Xml,

    /// <summary>A 500 without a body.</summary>
    Empty,

    /// <summary>ResourceNotFoundException.</summary>
    NotFound,

    /// <summary>AccessDeniedException.</summary>
    Denied,

    /// <summary>ExpiredTokenException.</summary>
    Expired,

    /// <summary>The connection is reset, nothing is accepted.</summary>
    ResetBefore,

    /// <summary>All is accepted, then the connection is reset without an answer.</summary>
    ResetAfter,

    /// <summary>All is accepted, then half of the answer is sent.</summary>
    Truncate,

    /// <summary>All is accepted, and the answer is 200 with something else.</summary>
    Garbage,

    /// <summary>All is accepted, and the answer comes <see cref="Fault.Value"/> milliseconds later.</summary>
    Delay,
}
