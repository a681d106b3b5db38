using System.CommandLine;
using Marketplace.Cli.Running;
using Marketplace.EventLog;

namespace Marketplace.Cli.Log;

/// <summary>What an operator does with the event log itself; <c>copy</c> while no gateway runs on either side.</summary>
internal static class LogCommands
{
    public static Command Create(CommandRunner runner) => new("log", "Журнал событий: подготовить кластер Kafka, перенести в него.")
    {
        SetupCommand.Create(runner),
        CopyCommand.Create(runner),
    };

    /// <summary>What the log reports, as the command's end.</summary>
    public static CommandFailure Failure(EventLogException fault) => new(
        fault switch
        {
            LogUnavailableException { IsDenied: true } => ExitCode.Denied,
            LogUnavailableException => ExitCode.Unavailable,
            _ => ExitCode.Refused,
        },
        fault.Message);
}
