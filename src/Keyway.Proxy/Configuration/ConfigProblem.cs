using System.Globalization;

namespace Keyway.Proxy.Configuration;

/// <summary>One mistake or doubt in a configuration file. Holds no secrets.</summary>
/// <param name="File">The file's name as it was given.</param>
/// <param name="Line">Line from 1, or 0 where the whole file is meant.</param>
/// <param name="Column">Column from 1, or 0 where the whole file is meant.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What would be right.</param>
public sealed record ConfigProblem(string File, long Line, long Column, string Message, string Remedy)
{
    /// <summary><c>file:line:column: what is wrong; what would be right</c>.</summary>
    public override string ToString() => Line == 0
        ? $"{File}: {Message}; {Remedy}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}; {Remedy}");
}
