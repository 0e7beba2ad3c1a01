using System.Reflection;
using System.Xml.Linq;
using Keyway.Proxy.Management;
using Keyway.Proxy.Tests.Configuration;

namespace Keyway.Proxy.Tests.Architecture;

/// <summary>Which room may know which (docs/architecture.md). A project that is not named here fails until it gets its place.</summary>
public sealed class RoomsTests
{
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Keyway.Protocol"] = [],
        ["Keyway.Net"] = [],
        ["Keyway.Proxy"] = ["Keyway.Net", "Keyway.Protocol"],
        ["Keyway.WriteBehind"] = ["Keyway.Proxy", "Keyway.Net", "Keyway.Protocol"],
        ["Keyway.Admin"] = ["Keyway.Proxy", "Keyway.Net", "Keyway.Protocol"],
        ["Keyway.Server"] = ["Keyway.Admin", "Keyway.WriteBehind", "Keyway.Proxy", "Keyway.Net", "Keyway.Protocol"],
    };

    private static readonly string Source = Path.Combine(Files.Repository(), "src");

    public static TheoryData<string> Projects => 
        [.. Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories).Select(static file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_GoOneWay(string project)
    {
        IEnumerable<string> references = XDocument.Load(Path.Combine(Source, project, project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(MayReference[project]));
    }

    [Fact]
    public void AssemblyReferences_GoOneWay()
    {
        Assembly[] loaded = [typeof(ProxyServer).Assembly, typeof(Net.Reactor).Assembly, typeof(Protocol.Resp.RespReader).Assembly];
        foreach (Assembly assembly in loaded)
        {
            IEnumerable<string> rooms = ReferencesOf(assembly).Where(name => name.StartsWith("Keyway.", StringComparison.Ordinal));
            Assert.Empty(rooms.Except(MayReference[assembly.GetName().Name!]));
        }
    }

    [Fact]
    public void Protocol_KnowsNoSockets() =>
        Assert.DoesNotContain(ReferencesOf(typeof(Protocol.Resp.RespReader).Assembly), name => name.StartsWith("System.Net", StringComparison.Ordinal));

    [Fact]
    public void Namespaces_EqualFolders()
    {
        List<string> astray = [];
        foreach (string file in SourceFiles())
        {
            string folder = Path.GetRelativePath(Source, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            bool hasNone = line is null && Path.GetFileName(file) == "Program.cs";
            if (!hasNone && line != $"namespace {folder};")
            {
                astray.Add($"{Path.GetRelativePath(Source, file)}: {line}");
            }
        }

        Assert.Empty(astray);
    }

    private static IEnumerable<string> SourceFiles() => Directory.GetDirectories(Source)
        .SelectMany(project => Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(project, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")));

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
