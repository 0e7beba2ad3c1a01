namespace Keyway.Proxy.Configuration.Yaml;

/// <summary>What a format that tells them apart says a value is.</summary>
internal enum ScalarType
{
    /// <summary>YAML's: the reader of the key decides.</summary>
    Untyped,

    /// <summary>A string, in quotes.</summary>
    Text,

    /// <summary>A whole number in digits.</summary>
    Integer,

    /// <summary>A number with a point or an exponent.</summary>
    Float,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}
