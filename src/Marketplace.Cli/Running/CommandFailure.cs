namespace Marketplace.Cli.Running;

/// <summary>Ends a command with an exit code and one line on stderr.</summary>
internal class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
