using Marketplace.Cli.Gateway;

namespace Marketplace.Cli.Running;

/// <summary>Ends a command with an exit code and one line on stderr; for a program with a document on stdout, too.</summary>
/// <param name="problem">What the gateway said, where it was the gateway.</param>
internal class CommandFailure(int exitCode, string message, GatewayProblem? problem = null) : Exception(message)
{
    /// <summary>The command has given a program its answer already.</summary>
    public bool IsAnswered { get; init; }

    public FailureAnswer Answer => new(ExitCode, Message, problem);

    public int ExitCode { get; } = exitCode;
}
