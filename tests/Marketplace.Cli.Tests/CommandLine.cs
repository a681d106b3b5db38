using System.Text;
using System.Text.Json;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Tests;

/// <summary>Runs the command line in this process and keeps what it said.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Out);

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

internal sealed class CommandLine(string url)
{
    public Dictionary<string, string> Environment { get; } = new() { ["MARKETPLACE_URL"] = url, ["MARKETPLACE_API_KEY"] = GatewayFixture.AdminKey };

    public bool IsTerminal { get; init; }

    public Task<CommandResult> RunAsync(params string[] args) => RunAsync([], args);

    public Task<CommandResult> RunAsync(string input, string[] args) => RunAsync(Encoding.UTF8.GetBytes(input), args);

    public Task<CommandResult> RunAsync(byte[] input, string[] args) => RunAsync(new MemoryStream(input), args, TestContext.Current.CancellationToken);

    public async Task<CommandResult> RunAsync(Stream input, string[] args, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        using var terminal = new Terminal
        {
            In = input,
            Out = output,
            Error = error,
            IsOutTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
            Width = IsTerminal ? 120 : null,
            Environment = name => Environment.GetValueOrDefault(name),
        };
        var exitCode = await new MarketplaceCommand(terminal).RunAsync(args, cancellationToken);
        return new CommandResult(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
