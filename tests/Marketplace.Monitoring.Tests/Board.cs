using System.Text.Json;
using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary>A board of <c>grafana/boards</c>: its panels and what each asks Prometheus.</summary>
internal sealed record Board(string Name, string Title, IReadOnlyList<BoardQuery> Queries)
{
    /// <summary>What Grafana puts in for a board of an hour is a minute and more; here scrapes are a second apart.</summary>
    private const string RateInterval = "30s";

    public static IReadOnlyList<string> Names => [.. Directory.GetFiles(Repository.Path("grafana/boards"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static Board Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Repository.Path($"grafana/boards/{name}.json")));
        var board = json.RootElement;
        board.GetProperty("uid").GetString().ShouldBe(name);
        var queries = new List<BoardQuery>();
        foreach (var panel in board.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row"))
        {
            panel.GetProperty("datasource").GetProperty("uid").GetString().ShouldBe("prometheus", "as provisioned");
            queries.AddRange(panel.GetProperty("targets").EnumerateArray().Select(target => new BoardQuery(
                panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!.Replace("$__rate_interval", RateInterval, StringComparison.Ordinal))));
        }

        return new Board(name, board.GetProperty("title").GetString()!, queries);
    }

    /// <summary>Asks each query until it has an answer; prints the table board × panel × value.</summary>
    /// <param name="again">More of what makes the panels show something, called between the tries.</param>
    public async Task CheckAsync(PrometheusServer prometheus, Func<Task> again, TimeSpan limit, ITestOutputHelper output, CancellationToken token)
    {
        var values = new Dictionary<BoardQuery, string>();
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); values.Count < Queries.Distinct().Count() && watch.Elapsed < limit; await Task.Delay(500, token))
        {
            await again();
            foreach (var query in Queries.Where(query => !values.ContainsKey(query)))
            {
                if ((await prometheus.QueryAsync(query.Expression, token)).FirstOrDefault(found => double.IsFinite(found.Value)) is { Labels: not null } found)
                {
                    values[query] = $"{found.Value:G4} {found.Labels}";
                }
            }
        }

        foreach (var query in Queries)
        {
            output.WriteLine($"{Title} | {query.Panel} | {values.GetValueOrDefault(query, "nothing")}");
        }

        Queries.Where(query => !values.ContainsKey(query)).Select(query => $"{query.Panel}: {query.Expression}").ShouldBeEmpty();
    }
}

internal sealed record BoardQuery(string Panel, string Expression);
