using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;

namespace Marketplace.Cli.Running;

/// <summary>What a command works with: its arguments, the gateway, and where it may write.</summary>
internal sealed class Invocation(ParseResult arguments, bool json, GatewayClient gateway, Terminal terminal)
{
    public GatewayClient Gateway { get; } = gateway;

    public Terminal Terminal { get; } = terminal;

    public Screen Screen { get; } = new(terminal);

    /// <summary>The answer is for a program: JSON on stdout and nothing else there.</summary>
    public bool Json { get; } = json;

    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    public T Get<T>(Argument<T> argument) => arguments.GetValue(argument)!;
}
