using Keyway.Protocol.Commands;
using Keyway.Proxy.Redis;

namespace Keyway.Proxy.Tests.Redis;

public sealed class LocalCommandsTests
{
    // A container is answered by the router: its subcommands have rows of their own.
    [Fact]
    public void Has_EveryLocalCommandOfTheTable_AndNoOther()
    {
        List<string> local = [];
        List<string> answered = [];
        foreach (CommandInfo command in CommandTable.BuiltIn.All)
        {
            bool isLocal = IsLocal(command.SingleTreatment) || IsLocal(command.ShardedTreatment);
            if (isLocal && !command.IsContainer)
            {
                local.Add(command.Name);
            }

            if (LocalCommands.Has(command))
            {
                answered.Add(command.Name);
            }
        }

        Assert.Equal(local, answered);
    }

    private static bool IsLocal(CommandTreatment treatment) => treatment is CommandTreatment.Local or CommandTreatment.Stateless;
}
