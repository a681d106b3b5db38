using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Spectre.Console;

namespace Marketplace.Cli.Shop.Sending;

/// <summary>Tells a person on stderr how the sending goes: what was refused, why it waits, and a bar on a terminal.</summary>
internal sealed class ConsoleObserver(Terminal terminal, IAnsiConsole console, ProgressTask? bar) : ISendObserver
{
    private const int MaxShown = 20;

    private long _refused;
    private bool _isWaiting;

    public void Advanced(SendReport report, double? part)
    {
        _isWaiting = false;
        if (bar is null)
        {
            return;
        }

        bar.MoveTo(part);
        bar.Description = $"{Words.Products(report.Accepted)}{(report.Rejected > 0 ? $", [red]отказ {Words.Number(report.Rejected)}[/]" : "")}";
    }

    public void Refused(ProductResult product, long index)
    {
        if (++_refused <= MaxShown)
        {
            Say($"отказ: {Words.ProductAt(index, product.ProductId)}: {FieldErrors.Line(product.Errors!)}");
        }
        else if (_refused == MaxShown + 1)
        {
            Say("отказ: … остальные см. в --json");
        }
    }

    /// <summary>Once for each time it stops.</summary>
    public void Waiting(string reason, TimeSpan delay)
    {
        if (!_isWaiting)
        {
            _isWaiting = true;
            Say($"жду: {reason}; повтор через {Words.Seconds(delay)}");
        }
    }

    private void Say(string line)
    {
        if (bar is null)
        {
            terminal.WriteNote(line);
        }
        else
        {
            console.MarkupLine($"[yellow]{Words.Markup(line)}[/]");
        }
    }
}

/// <summary>Says nothing.</summary>
internal sealed class SilentObserver : ISendObserver
{
    public void Advanced(SendReport report, double? part)
    {
    }

    public void Refused(ProductResult product, long index)
    {
    }

    public void Waiting(string reason, TimeSpan delay)
    {
    }
}
