using Marketplace.Cli.Running;
using Marketplace.Testing;

namespace Marketplace.Cli.Tests;

/// <summary>What tests against the real gateway share.</summary>
public abstract class CliTest(GatewayFixture gateway)
{
    private static int _last;

    private protected CommandLine Cli { get; } = new(gateway.Url);

    private protected CommandLine TerminalCli { get; } = new(gateway.Url) { IsTerminal = true };

    private protected string Url { get; } = gateway.Url;

    /// <summary>An id that no other test has, also not with a number behind it: <c>p-1</c> with a 1 would be <c>p-11</c>.</summary>
    protected static string NewId(string name = "p") => $"{name}-{Interlocked.Increment(ref _last)}n";

    private protected async Task<CommandResult> SendAsync(string json) => await Cli.RunAsync(json, ["shop", "send", "-"]);

    /// <summary>Asks for a product's journey until the filter has judged all that was sent before, which on a busy machine takes longer than the gateway waits.</summary>
    private protected Task<CommandResult> JourneyAsync(params string[] args) => UntilAsync(result => result.ExitCode != ExitCode.Unavailable, ["shop", "get", .. args]);

    /// <summary>Runs a command until its result is as wanted.</summary>
    private protected async Task<CommandResult> UntilAsync(Func<CommandResult, bool> isRight, params string[] args)
    {
        using var timeout = new CancellationTokenSource(Eventually.HangLimit);
        while (true)
        {
            var result = await Cli.RunAsync(args);
            if (isRight(result) || timeout.IsCancellationRequested)
            {
                return result;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
