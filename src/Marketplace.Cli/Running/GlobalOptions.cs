using System.CommandLine;
using System.CommandLine.Parsing;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;

namespace Marketplace.Cli.Running;

/// <summary>The options every command has. The environment stands in for those not given, and never shows in the help.</summary>
internal sealed class GlobalOptions
{
    public const string DefaultUrl = "http://localhost:5080";
    private const string UrlVariable = "MARKETPLACE_URL";
    private const string KeyVariable = "MARKETPLACE_API_KEY";

    private readonly Terminal _terminal;

    public GlobalOptions(Terminal terminal)
    {
        _terminal = terminal;
        Url.Validators.Add(result => Check(result, result.Tokens, IsAddress, $"{Url.Name}: нужен адрес http:// или https://, например {DefaultUrl}"));
        ApiKey.Validators.Add(result => Check(result, result.Tokens, IsKey, $"{ApiKey.Name}: ключ состоит из видимых знаков ASCII"));
    }

    public Option<string?> Url { get; } = new("--url") { Recursive = true, HelpName = "адрес", Description = $"Адрес шлюза; иначе {UrlVariable}, иначе {DefaultUrl}." };

    public Option<string?> ApiKey { get; } = new("--api-key") { Recursive = true, HelpName = "ключ", Description = $"Ключ API; иначе {KeyVariable}." };

    public Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Ответ для программ: один документ JSON (или строки JSON) на stdout, также об ошибке." };

    /// <exception cref="CommandFailure">The environment holds what could be no option.</exception>
    public GatewayClient Connect(ParseResult arguments) => new(
        Choose(arguments.GetValue(Url), UrlVariable, IsAddress, $"нужен адрес http:// или https://, например {DefaultUrl}") ?? DefaultUrl,
        Choose(arguments.GetValue(ApiKey), KeyVariable, IsKey, "ключ состоит из видимых знаков ASCII"),
        _terminal.Time);

    private string? Choose(string? given, string variable, Func<string, bool> isRight, string rule)
    {
        if (given is not null)
        {
            return given;
        }

        var value = _terminal.Environment(variable);
        return string.IsNullOrEmpty(value) ? null
            : isRight(value) ? value
            : throw new CommandFailure(ExitCode.Usage, $"переменная {variable}: {rule}");
    }

    private static void Check(SymbolResult result, IReadOnlyList<Token> tokens, Func<string, bool> isRight, string error)
    {
        if (!tokens.All(token => isRight(token.Value)))
        {
            result.AddError(error);
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static bool IsKey(string text) => text.Length > 0 && text.All(c => c is > ' ' and <= '~');
}
