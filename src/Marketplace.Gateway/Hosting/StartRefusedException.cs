namespace Marketplace.Gateway.Hosting;

/// <summary>The gateway does not start; the message says what to change and is all that is shown.</summary>
public sealed class StartRefusedException(string message) : Exception(message)
{
    public const int ExitCode = 1;
}
