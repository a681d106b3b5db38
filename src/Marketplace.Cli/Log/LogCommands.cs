using System.CommandLine;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Log;

/// <summary>What an operator does with the event log itself, while no gateway runs on it.</summary>
internal static class LogCommands
{
    public static Command Create(CommandRunner runner) => new("log", "Журнал событий: подготовить кластер Kafka, перенести в него.")
    {
        SetupCommand.Create(runner),
        CopyCommand.Create(runner),
    };
}
