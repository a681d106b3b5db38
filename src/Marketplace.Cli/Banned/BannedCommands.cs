using System.CommandLine;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Banned;

/// <summary>What moderators do.</summary>
internal static class BannedCommands
{
    public static Command Create(CommandRunner runner) => new("banned", "Модератор: запретить товар, снять запрет, посмотреть запреты.")
    {
        AddCommand.Create(runner),
        RemoveCommand.Create(runner),
        GetCommand.Create(runner),
        ListCommand.Create(runner),
    };
}
