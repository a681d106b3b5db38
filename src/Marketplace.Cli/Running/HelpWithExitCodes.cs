using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Marketplace.Cli.Running;

/// <summary>The usual help, in Russian throughout, and what the exit codes mean.</summary>
internal sealed class HelpWithExitCodes : SynchronousCommandLineAction
{
    /// <summary>What the parser's Russian resources leave in English.</summary>
    private static readonly (string English, string Russian)[] Missing =
    [
        ("Description:", "Описание:"),
        ("[command]", "[команда]"),
        ("[options]", "[параметры]"),
        ("[default: ", "[по умолчанию: "),
    ];

    private readonly HelpAction _usual = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        _usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(Missing.Aggregate(text.ToString(), (help, word) => help.Replace(word.English, word.Russian, StringComparison.Ordinal)));
        output.WriteLine("Коды выхода:");
        foreach (var (code, meaning) in ExitCode.All)
        {
            output.WriteLine($"  {code,-5}{meaning}");
        }

        return ExitCode.Ok;
    }
}
