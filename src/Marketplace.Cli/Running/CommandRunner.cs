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
        var json = arguments.GetValue(options.Json);
        try
        {
            using var gateway = options.Connect(arguments);
            return await work(new Invocation(arguments, json, gateway, terminal), cancellationToken);
        }
        catch (CommandFailure failure)
        {
            await terminal.WriteAsync(failure, json);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await terminal.WriteAsync(new CommandFailure(ExitCode.Interrupted, "прервано"), json);
            return ExitCode.Interrupted;
        }
    }
}
