using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Benchmarks.Servers;

/// <summary>A log with the contract's topics in this process, and the filter on it without a host.</summary>
internal sealed class LogHouse : IAsyncDisposable
{
    /// <summary>The default of <c>EventLog:Partitions</c>.</summary>
    private const int Partitions = 6;
    private const int Bans = 1_000;

    private LogHouse(IEventLog log) => Log = log;

    public IEventLog Log { get; }

    /// <summary>On an embedded log.</summary>
    public static async Task<LogHouse> OpenAsync(string folder, CancellationToken cancellationToken) => await OverAsync(
        await EmbeddedEventLog.OpenAsync(new EmbeddedLogOptions { Path = folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, cancellationToken), cancellationToken);

    /// <param name="log">Ends with the house.</param>
    public static async Task<LogHouse> OverAsync(IEventLog log, CancellationToken cancellationToken)
    {
        await log.EnsureTopicsAsync(TopicCatalog.For(Partitions), cancellationToken);
        return new LogHouse(log);
    }

    /// <summary>Bans products that are not in the log: the list is asked for every product, and what is written stays the same.</summary>
    public async Task BanStrangersAsync(CancellationToken cancellationToken)
    {
        var bans = Enumerable.Range(0, Bans).Select(n => new LogRecord { Key = Encoding.UTF8.GetBytes($"banned-{n}"), Value = BanRecord.Write("benchmark", null) }).ToArray();
        await Log.AppendAsync(TopicNames.BannedProducts, bans, cancellationToken);
    }

    /// <summary>Runs the filter until it has caught up.</summary>
    /// <returns>The time from its start until all that was in the log has its verdict, durably, and how many commits that took.</returns>
    public async Task<(TimeSpan Elapsed, int Commits)> FilterAsync(CancellationToken cancellationToken, FilterPace? pace = null)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var commits = new CommitCounter();
        using var bans = new BanListFeed(new TopicReading(Log, TimeProvider.System, NullLogger<TopicReading>.Instance), NullLogger<BanListFeed>.Instance);
        using var filter = new FilterService(
            Log,
            bans,
            new JourneyDesk(Log),
            TimeProvider.System,
            new FilterMetrics(services.GetRequiredService<IMeterFactory>()),
            new TopicSettings(Partitions),
            NullLogger<FilterService>.Instance,
            pace: pace);
        await bans.StartAsync(cancellationToken);
        await bans.Loaded.WaitAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await filter.StartAsync(cancellationToken);
        await await Task.WhenAny(filter.CaughtUp, filter.ExecuteTask!).WaitAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await filter.StopAsync(cancellationToken);
        await bans.StopAsync(cancellationToken);
        return (elapsed, commits.Count);
    }

    /// <summary>Records in a topic that has not been compacted.</summary>
    public async Task<long> CountAsync(string topic, CancellationToken cancellationToken)
    {
        var count = 0L;
        for (var partition = 0; partition < Partitions; partition++)
        {
            var range = await Log.GetRangeAsync(new TopicPartition(topic, partition), cancellationToken);
            count += range.End - range.Begin;
        }

        return count;
    }

    public ValueTask DisposeAsync() => Log.DisposeAsync();

    /// <summary>Counts what the filter reports of its commits.</summary>
    private sealed class CommitCounter : IDisposable
    {
        private const string Instrument = "marketplace.filter.commit.duration";
        private readonly MeterListener _listener = new();
        private int _count;

        public CommitCounter()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == FilterMetrics.MeterName && instrument.Name == Instrument)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
            _listener.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
