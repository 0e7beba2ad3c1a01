namespace Keyway.IntegrationTests.Chaos;

/// <summary>Something that happens to servers under load.</summary>
/// <param name="Name">For the log.</param>
/// <param name="Begin">Makes it happen.</param>
/// <param name="Heal">Undoes it when the servers have coped: what was killed is started again, what was frozen goes on.</param>
/// <param name="IsPlanned">True for what operators do on purpose: no client may see an error, as long as the servers themselves saw none fail.</param>
/// <param name="MayLoseWrites">True where the servers may forget what they acknowledged.</param>
internal sealed record ChaosEvent(string Name, Action Begin, Action? Heal = null, bool IsPlanned = false, bool MayLoseWrites = true);
