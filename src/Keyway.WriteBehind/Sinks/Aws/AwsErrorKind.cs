namespace Keyway.WriteBehind.Sinks.Aws;

/// <summary>What an error of AWS asks for.</summary>
internal enum AwsErrorKind
{
    /// <summary>It may pass by itself.</summary>
    Passing,

    /// <summary>It passes when less is sent.</summary>
    Throttled,

    /// <summary>Something in what was sent is not accepted.</summary>
    Content,

    /// <summary>The credentials are no longer good, or not yet known.</summary>
    Token,

    /// <summary>The signature does not hold, perhaps for the clock.</summary>
    Signature,

    /// <summary>It stays until somebody acts.</summary>
    Standing,
}
