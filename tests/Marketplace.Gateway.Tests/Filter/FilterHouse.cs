using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Filter;

/// <summary>The filter on a log of its own under a clock of the test's, to be stopped and started again.</summary>
public sealed class FilterHouse : IAsyncDisposable
{
    public const int Partitions = 3;
    private readonly string _path = Directory.CreateTempSubdirectory("marketplace-filter-").FullName;
    private readonly Random _random = new(1);
    private BanListFeed? _bans;
    private FilterService? _filter;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture)) { AutoAdvanceAmount = TimeSpan.Zero };

    public IEventLog Log { get; private set; } = null!;

    public JourneyDesk Desk { get; private set; } = null!;

    public static async Task<FilterHouse> StartAsync()
    {
        var house = new FilterHouse();
        await house.OpenAsync();
        return house;
    }

    public async Task OpenAsync()
    {
        Log = await EmbeddedEventLog.OpenAsync(new EmbeddedLogOptions { Path = _path }, Time, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None);
        await Log.EnsureTopicsAsync(TopicCatalog.For(Partitions), CancellationToken.None);
        Desk = new JourneyDesk(Log);
        _bans = new BanListFeed(new TopicReading(Log, Time, NullLogger<TopicReading>.Instance), NullLogger<BanListFeed>.Instance);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        _filter = new FilterService(Log, _bans, Desk, Time, new FilterMetrics(meters), new TopicSettings(Partitions), NullLogger<FilterService>.Instance,
            new PartitionSnapshots(SnapshotFolder, TimeProvider.System, worthSaving: 1));
        await _bans.StartAsync(CancellationToken.None);
        await _filter.StartAsync(CancellationToken.None);
    }

    private string SnapshotFolder => Path.Combine(_path, "snapshots");

    /// <summary>Stops; half of the times with the snapshots of a moment before, as after <c>kill -9</c>.</summary>
    public async Task CloseAsync()
    {
        var earlier = _random.Next(2) == 0 && Directory.Exists(SnapshotFolder)
            ? Directory.GetFiles(SnapshotFolder, "*.snapshot").ToDictionary(file => file, File.ReadAllBytes)
            : [];
        await _filter!.StopAsync(CancellationToken.None);
        await _bans!.StopAsync(CancellationToken.None);
        await Log.DisposeAsync();
        foreach (var (file, bytes) in earlier)
        {
            await File.WriteAllBytesAsync(file, bytes);
        }
    }

    public Task SendAsync(string key, string? value, int? partition = null) =>
        AppendAsync(TopicNames.ShopProducts, key, value is null ? null : Encoding.UTF8.GetBytes(value), partition);

    public Task SendProductAsync(string id, int revision) => SendAsync(id, $$"""{"product_id":"{{id}}","name":"Товар {{revision}}"}""");

    public Task BanAsync(string id, TimeSpan? lasts = null) => AppendAsync(TopicNames.BannedProducts, id, BanRecord.Write("проверка", lasts is { } time ? Time.GetUtcNow() + time : null));

    public Task UnbanAsync(string id) => AppendAsync(TopicNames.BannedProducts, id, null);

    /// <summary>
    /// Waits until the filter says that its output is right for everything sent and for the instant. Expiry moves the
    /// recorded instant only when it changes something that is listed, so the clock is asked for by the caller.
    /// </summary>
    public async Task SettleAsync(DateTimeOffset? asOf = null)
    {
        using var limit = new CancellationTokenSource(Eventually.HangLimit);
        while (!await IsSettledAsync(asOf, CancellationToken.None))
        {
            limit.IsCancellationRequested.ShouldBeFalse(await DescribeAsync(asOf));
            await Task.Delay(2, CancellationToken.None);
        }
    }

    public Task<LogAudit> AuditAsync() => LogAudit.RunAsync(Log, Time.GetUtcNow(), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_path, recursive: true);
    }

    private async Task<bool> IsSettledAsync(DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var positions = await Log.GetPositionsAsync(FilterService.Group, cancellationToken);
        for (var number = 0; number < Partitions; number++)
        {
            var shop = new TopicPartition(TopicNames.ShopProducts, number);
            var end = (await Log.GetRangeAsync(shop, cancellationToken)).End;
            if (end > 0 && (!positions.TryGetValue(shop, out var position) || position.Offset < end))
            {
                return false;
            }
        }

        var listEnd = (await Log.GetRangeAsync(new TopicPartition(TopicNames.BannedProducts, 0), cancellationToken)).End;
        if (listEnd == 0)
        {
            return true;
        }

        var progress = (await LogDump.ReadAsync(Log, TopicNames.FilterProgress, cancellationToken))
            .GroupBy(r => r.Key).Select(g => System.Text.Json.JsonDocument.Parse(g.Last().Value!).RootElement).ToList();
        return progress.Count == Partitions
            && progress.All(p => p.GetProperty("ban_list").GetInt64() == listEnd && (asOf is null || p.GetProperty("as_of").GetDateTimeOffset() >= asOf));
    }

    private async Task<string> DescribeAsync(DateTimeOffset? asOf)
    {
        var progress = (await LogDump.ReadAsync(Log, TopicNames.FilterProgress, CancellationToken.None)).Select(p => $"{p.Offset} {p.Key}: {p.Text}");
        var positions = await Log.GetPositionsAsync(FilterService.Group, CancellationToken.None);
        return $"not settled at {Time.GetUtcNow():O}, wanted as of {asOf:O}; filter: {_filter!.ExecuteTask?.Status} {_filter.ExecuteTask?.Exception}; "
            + $"positions {string.Join(", ", positions)}; progress {string.Join(", ", progress.TakeLast(8))}";
    }

    private async Task AppendAsync(string topic, string key, byte[]? value, int? partition = null)
    {
        var record = LogRecord.Tombstone(Encoding.UTF8.GetBytes(key)) with { Partition = partition };
        await Log.AppendAsync(topic, value is null ? record : record with { Value = value }, CancellationToken.None);
    }
}
