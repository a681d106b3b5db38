using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Marketplace.Cli.Banned;
using Marketplace.Cli.Client;
using Marketplace.Cli.Demo;
using Marketplace.Cli.Health;
using Marketplace.Cli.Log;
using Marketplace.Cli.Mirror;
using Marketplace.Cli.Output;
using Marketplace.Cli.Recommend;
using Marketplace.Cli.Shop;

namespace Marketplace.Cli.Running;

/// <summary>The command line <c>marketplace</c>: its groups, and how a command's end becomes an exit code.</summary>
internal sealed class MarketplaceCommand
{
    /// <summary>After Ctrl+C a command has this long to say how far it came.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Terminal _terminal;
    private readonly RootCommand _root;
    private readonly CommandRunner _runner;

    public MarketplaceCommand(Terminal terminal)
    {
        _terminal = terminal;
        var options = new GlobalOptions(terminal);
        _runner = new CommandRunner(options, terminal);
        _root = new RootCommand("Покупай выгодно: командная строка маркетплейса. Работает со шлюзом по HTTP.")
        {
            ShopCommands.Create(_runner),
            ClientCommands.Create(_runner),
            BannedCommands.Create(_runner),
            RecommendCommands.Create(_runner),
            DemoCommand.Create(_runner),
            HealthCommand.Create(_runner),
            MirrorCommands.Create(_runner),
            LogCommands.Create(_runner),
            options.Url,
            options.ApiKey,
            options.Json,
        };
        var help = new HelpWithExitCodes();
        var helpOption = _root.Options.OfType<HelpOption>().Single();
        (helpOption.Action, helpOption.Description) = (help, "Показать эту справку.");
        foreach (var group in _root.Subcommands.Where(command => command.Subcommands.Count > 0).Append(_root))
        {
            group.SetAction(arguments =>
            {
                help.Invoke(arguments);
                return ExitCode.Usage;
            });
        }
    }

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        // '@' begins an id like any other character, not the name of a file with arguments.
        var arguments = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (arguments is { Errors.Count: > 0, Action: ParseErrorAction or null })
        {
            var command = string.Join(' ', Path(arguments.CommandResult));
            var failure = new CommandFailure(ExitCode.Usage, $"{string.Join("; ", Messages(arguments.Errors))}. Справка: {command} --help");
            await _terminal.WriteAsync(failure, json: args.Contains("--json"));
            return failure.ExitCode;
        }

        using var output = new StreamWriter(_terminal.Out, leaveOpen: true);
        return await arguments.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = _terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTimeout },
            cancellationToken);
    }

    /// <summary>What is wrong with an argument is said once: where a rule of ours says it, the parser's own names types of .NET.</summary>
    private static IEnumerable<string> Messages(IEnumerable<ParseError> errors) => errors.GroupBy(error => error.SymbolResult)
        .SelectMany(all => all.Where(error => all.Count() == 1 || !error.Message.Contains("System.", StringComparison.Ordinal)))
        .Select(error => error.Message.TrimEnd('.'));

    private static IEnumerable<string> Path(SymbolResult? result)
    {
        var names = new Stack<string>();
        for (; result is CommandResult { Command: var command }; result = result.Parent)
        {
            names.Push(command is RootCommand ? "marketplace" : command.Name);
        }

        return names;
    }
}
