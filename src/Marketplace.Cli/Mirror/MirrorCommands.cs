using System.CommandLine;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Mirror;

/// <summary>The second copy of the marketplace.</summary>
internal static class MirrorCommands
{
    public static Command Create(CommandRunner runner) => new("mirror", "Зеркало: насколько отстаёт, одинаковы ли стороны, передать ему работу.")
    {
        StatusCommand.Create(runner),
        VerifyCommand.Create(runner),
        PromoteCommand.Create(runner),
        ResumeCommand.Create(runner),
    };
}
