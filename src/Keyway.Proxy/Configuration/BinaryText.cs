namespace Keyway.Proxy.Configuration;

/// <summary>How bytes that are not UTF-8 stand in a record's JSON.</summary>
public enum BinaryText
{
    /// <summary>The whole string in Base64, as <c>{"base64":"..."}</c>; a key is written with its bytes escaped.</summary>
    Base64,

    /// <summary>Each byte that is not part of valid UTF-8 as <c>\\xNN</c>, and a backslash doubled, in the strings concerned.</summary>
    Escape,
}
