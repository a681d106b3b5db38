using System.CommandLine;
using Marketplace.Cli.Output;

namespace Marketplace.Cli.Running;

/// <summary>Gives a command its work, and turns whatever ends it into an exit code and one line on stderr.</summary>
internal sealed class CommandRunner(GlobalOptions options, Terminal terminal)
{
    public Command Run(Command command, Func<Invocation, CancellationToken, Task<int>> work)
    {
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, work, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, Func<Invocation, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            using var gateway = options.Connect(arguments);
            return await work(new Invocation(arguments, arguments.GetValue(options.Json), gateway, terminal), cancellationToken);
        }
        catch (CommandFailure failure)
        {
            terminal.WriteError(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.WriteError("прервано");
            return ExitCode.Interrupted;
        }
    }
}
