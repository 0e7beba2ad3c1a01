namespace Keyway.Net.Tests;

/// <summary>What changes something of the whole process runs alone.</summary>
[CollectionDefinition("Environment", DisableParallelization = true)]
public sealed class EnvironmentCollection;
