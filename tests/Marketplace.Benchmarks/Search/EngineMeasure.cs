using System.Diagnostics;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Search.Peers;
using Marketplace.Search.Quality.KnownItems;

namespace Marketplace.Benchmarks.Search;

/// <summary>The same work for ours in process and for each peer. Ours is measured first; the figures of a peer stand beside it.</summary>
internal sealed class EngineMeasure(Workbench bench, GeneratedCatalog catalog, SearchWork work)
{
    private readonly Dictionary<string, double> _ours = [];

    /// <summary>After so long a peer gives a query up: a shopper has gone by then.</summary>
    public static TimeSpan QueryLimit { get; } = TimeSpan.FromSeconds(3);

    /// <summary>How long each of the two passes over a class may take: of slow queries fewer are asked.</summary>
    private TimeSpan PassLimit => bench.Options.Duration(8, 2);

    public async Task RunAsync(ISearchEngine engine, CancellationToken cancellationToken)
    {
        await FillAsync(engine, cancellationToken);

        // The products as they were sent are not to be in the way of those that are searched.
        GC.Collect();
        await engine.SettleAsync(cancellationToken);
        await OnThread(() =>
        {
            using var client = engine.Connect();
            foreach (var queries in work.Classes)
            {
                MeasureClass(engine, client, queries, cancellationToken);
            }
        });
        await MeasureMixedAsync(engine, cancellationToken);
    }

    private static Task OnThread(Action run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;

    private static EngineAnswer Ask(ISearchClient client, AskKind kind, string text) => kind switch
    {
        AskKind.Facets => new EngineAnswer(client.Facets(text), []),
        AskKind.Suggest => new EngineAnswer(client.Suggest(text), []),
        _ => client.Search(text),
    };

    private async Task FillAsync(ISearchEngine engine, CancellationToken cancellationToken)
    {
        var pieces = SearchCatalog.Lines(catalog, work.Products).ToList();
        var start = Stopwatch.GetTimestamp();
        await engine.FillAsync(pieces, cancellationToken);
        Add(engine, $"indexing {work.Products:#,0} products", "products/s", work.Products / Stopwatch.GetElapsedTime(start).TotalSeconds, Goal.AtLeast, 60_000);
    }

    private void MeasureClass(ISearchEngine engine, ISearchClient client, QueryClass queries, CancellationToken cancellationToken)
    {
        // The first pass warms up and is judged, the second is timed.
        var found = 0;
        var first = Repeat(client, queries.Kind, queries.Queries, bench.Options.Duration(2, 1), Judge, cancellationToken);
        var asked = Math.Min(first.Asked, queries.Queries.Count);
        var timed = Repeat(client, queries.Kind, [.. queries.Queries.Take(asked)], bench.Options.Duration(3, 1), judge: null, cancellationToken);
        var sorted = timed.Ticks.Select(Milliseconds).Order().ToArray();
        Add(engine, $"{queries.Name}, p50", "ms", Statistics.Percentile(sorted, 0.5));
        Add(engine, $"{queries.Name}, p99", "ms", Statistics.Percentile(sorted, 0.99));
        if (queries.Kind == AskKind.Search)
        {
            Add(engine, $"{queries.Name}, found what was meant", "%", 100.0 * found / asked);
        }

        if (asked < queries.Queries.Count)
        {
            bench.Report.Note($"{queries.Name}, {engine.Name}: so slow that {asked} of {queries.Queries.Count} queries were asked");
        }

        NoteGivenUp(engine, timed.GivenUp, timed.Asked);

        void Judge(KnownItemQuery query, EngineAnswer answer) => found += KnownItemEvaluation.IsFound(query, answer.Total, answer.Sources) ? 1 : 0;
    }

    /// <summary>Asks all queries, again and again for so long, or as many of them as there is time for.</summary>
    /// <param name="judge">Of the first answer to each.</param>
    private Pass Repeat(
        ISearchClient client, AskKind kind, IReadOnlyList<KnownItemQuery> queries, TimeSpan atLeast, Action<KnownItemQuery, EngineAnswer>? judge, CancellationToken cancellationToken)
    {
        var pass = new Pass();
        var start = Stopwatch.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; pass.Asked == 0 || elapsed < atLeast || (pass.Asked < queries.Count && elapsed < PassLimit); elapsed = Stopwatch.GetElapsedTime(start))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var round = pass.Asked / queries.Count;
            var query = queries[pass.Asked % queries.Count];
            if (pass.Ask(client, kind, query.Text) is { } answer && round == 0)
            {
                judge?.Invoke(query, answer);
            }
        }

        return pass;
    }

    private async Task MeasureMixedAsync(ISearchEngine engine, CancellationToken cancellationToken)
    {
        var clients = new List<ISearchClient>();
        try
        {
            while (clients.Count < SearchWork.Clients)
            {
                clients.Add(engine.Connect());
            }

            var next = -1;
            await RunAsync(bench.Options.Duration(2, 1));
            var start = Stopwatch.GetTimestamp();
            var passes = await RunAsync(bench.Options.Duration(10, 3));
            var elapsed = Stopwatch.GetElapsedTime(start);
            var (asked, givenUp) = (passes.Sum(p => p.Asked), passes.Sum(p => p.GivenUp));
            Add(engine, $"{SearchWork.Clients} clients, mixed queries", "queries/s", (asked - givenUp) / elapsed.TotalSeconds);
            Add(engine, $"{SearchWork.Clients} clients, mixed queries, p99", "ms", Statistics.Percentile([.. passes.SelectMany(p => p.Ticks).Select(Milliseconds).Order()], 0.99));
            NoteGivenUp(engine, givenUp, asked);

            async Task<Pass[]> RunAsync(TimeSpan duration)
            {
                var done = clients.ConvertAll(_ => new Pass());
                var begun = Stopwatch.GetTimestamp();
                await Task.WhenAll(clients.Zip(done, (client, pass) => OnThread(() =>
                {
                    while (Stopwatch.GetElapsedTime(begun) < duration)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        pass.Ask(client, AskKind.Search, work.Mixed[(int)((uint)Interlocked.Increment(ref next) % work.Mixed.Count)]);
                    }
                })));
                return [.. done];
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private void NoteGivenUp(ISearchEngine engine, int givenUp, int asked)
    {
        if (givenUp > 0)
        {
            bench.Report.Note($"{engine.Name} gave up {givenUp} of {asked} queries after {QueryLimit.TotalSeconds:0} s; they count with that time");
        }
    }

    private void Add(ISearchEngine engine, string name, string unit, double value, Goal goal = Goal.None, double? goalValue = null)
    {
        var title = $"{name}, {engine.Name}";
        if (_ours.TryGetValue(name, out var ours))
        {
            bench.Report.Add(Figure.Against(title, unit, [ours], [value]));
            return;
        }

        _ours.Add(name, value);
        bench.Report.Add(Figure.Alone(title, unit, [value], goal, goalValue));
    }

    /// <summary>Queries asked one after another by one client.</summary>
    private sealed class Pass
    {
        public List<long> Ticks { get; } = [];

        public int Asked => Ticks.Count;

        public int GivenUp { get; private set; }

        /// <summary>Null when the engine gave up.</summary>
        public EngineAnswer? Ask(ISearchClient client, AskKind kind, string text)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                return EngineMeasure.Ask(client, kind, text);
            }
            catch (TimeoutException)
            {
                GivenUp++;
                return null;
            }
            finally
            {
                Ticks.Add(Stopwatch.GetTimestamp() - start);
            }
        }
    }
}
