using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Marketplace.Benchmarks.Reporting;

/// <summary>Collects the figures, prints each as it comes, and all of them as a table and as JSON at the end.</summary>
internal sealed class Report(TextWriter output, Machine machine)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Figure> _figures = [];

    public void Begin(string title) => output.WriteLine($"\n== {title}");

    /// <summary>Something a reader of the figures should know; not a figure.</summary>
    public void Note(FormattableString text) => output.WriteLine($"   {text.ToString(CultureInfo.InvariantCulture)}");

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        Note($"{figure.Name}: {Number(figure.Ours)} {figure.Unit}{Rounds(figure.OursRounds)}");
        if (figure.Limit is { } limit)
        {
            Note($"   against {Number(limit)} {figure.Unit}{Rounds(figure.LimitRounds)}{RatioText(figure)}");
        }

        if (figure.Met is not null)
        {
            Note($"   goal {GoalText(figure)}: {MetText(figure)}");
        }
    }

    public void PrintTable()
    {
        output.WriteLine($"\n{machine}\n");
        string[][] rows =
        [
            ["figure", "ours", "limit/peer", "unit", "ratio", "goal", ""],
            .. _figures.Select(f => new[]
            {
                f.Name,
                Number(f.Ours),
                f.Limit is { } limit ? Number(limit) : "",
                f.Unit,
                f.Ratio?.ToString("0.000", CultureInfo.InvariantCulture) ?? "",
                GoalText(f),
                MetText(f),
            }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column is 1 or 2 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    public void WriteJson(string file) => File.WriteAllText(file, JsonSerializer.Serialize(new { machine, figures = _figures }, Json));

    private static string GoalText(Figure figure) => figure.Goal switch
    {
        Goal.RatioAtLeast => string.Create(CultureInfo.InvariantCulture, $"ratio ≥ {figure.GoalValue:0.00}"),
        Goal.AtLeast => $"≥ {Number(figure.GoalValue!.Value)}",
        Goal.AtMost => $"≤ {Number(figure.GoalValue!.Value)}",
        _ => "",
    };

    private static string RatioText(Figure figure) => figure.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $", ratio {ratio:0.000}") : "";

    private static string MetText(Figure figure) => figure.Met switch { true => "met", false => "NOT MET", null => "" };

    private static string Rounds(IReadOnlyList<double> rounds) => rounds.Count > 1 ? $" (median of {string.Join(", ", rounds.Select(Number))})" : "";

    private static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
