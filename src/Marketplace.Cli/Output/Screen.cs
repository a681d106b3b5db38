using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Marketplace.Cli.Output;

/// <summary>What a person reads: text and tables on stdout, progress on stderr. Colours only on a terminal, and not with NO_COLOR.</summary>
internal sealed class Screen
{
    /// <summary>What goes into a pipe or a file is not wrapped.</summary>
    private const int Unbounded = 1_000;

    private readonly Lazy<IAnsiConsole> _out;
    private readonly Lazy<IAnsiConsole> _error;

    public Screen(Terminal terminal)
    {
        _out = new(() => Create(terminal, new StreamWriter(terminal.Out, new UTF8Encoding(false)) { AutoFlush = true }, terminal.IsOutTerminal));
        _error = new(() => Create(terminal, terminal.Error, terminal.IsErrorTerminal));
    }

    public IAnsiConsole Error => _error.Value;

    /// <summary>A line of markup; what comes from outside is escaped with <see cref="Words.Markup"/> before.</summary>
    public void Line(string markup = "") => Write(new Markup(markup + "\n") { Overflow = Overflow.Fold });

    public void Write(IRenderable what) => _out.Value.Write(what);

    /// <summary>A table with the look that all tables have.</summary>
    public static Table Table(params ReadOnlySpan<Column> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn($"[bold]{column.Name}[/]")
            {
                NoWrap = column.Kind != ColumnKind.Text,
                Alignment = column.Kind == ColumnKind.Number ? Justify.Right : Justify.Left,
            });
        }

        return table;
    }

    private static IAnsiConsole Create(Terminal terminal, TextWriter writer, bool isTerminal)
    {
        var isPlain = !isTerminal || !string.IsNullOrEmpty(terminal.Environment("NO_COLOR"));
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            // A bar that moves, where it can; nothing is ever asked.
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new Sheet(writer, isTerminal, isTerminal ? terminal.Width ?? 80 : Unbounded),
        });
    }

    private sealed class Sheet(TextWriter writer, bool isTerminal, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
