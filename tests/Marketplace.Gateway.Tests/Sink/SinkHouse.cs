using System.Text;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Sink;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Sink;

/// <summary>The sink alone on a log of its own, to be stopped and started again.</summary>
public sealed class SinkHouse : IAsyncDisposable
{
    private const int Partitions = 3;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(300);
    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-sink-").FullName;
    private IEventLog _log = null!;
    private FileSinkService? _sink;

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public string FilePath => Path.Combine(_folder, "filtered-products.txt");

    public FileSinkService Sink => _sink!;

    public static async Task<SinkHouse> OpenAsync()
    {
        var house = new SinkHouse();
        house._log = await EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = Path.Combine(house._folder, "log") }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None);
        await house._log.EnsureTopicsAsync(TopicCatalog.For(Partitions), CancellationToken.None);
        return house;
    }

    public async Task StartAsync()
    {
        _sink = new FileSinkService(_log, new SinkSettings(FilePath), new TopicSettings(Partitions), Time, NullLogger<FileSinkService>.Instance);
        await _sink.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _sink!.StopAsync(CancellationToken.None);
        (_sink.ExecuteTask?.IsFaulted ?? false).ShouldBeFalse(_sink.ExecuteTask?.Exception?.ToString());
        _sink.Dispose();
    }

    /// <summary>A newer writer has the sink's name, as after a silence that was too long.</summary>
    public async Task FenceAsync()
    {
        await using var newer = await _log.OpenWriterAsync("file-sink", CancellationToken.None);
    }

    public async Task AppendAsync(string key, string? value)
    {
        var record = LogRecord.Tombstone(Encoding.UTF8.GetBytes(key));
        await _log.AppendAsync(TopicNames.FilteredProducts, value is null ? record : record with { Value = Encoding.UTF8.GetBytes(value) }, CancellationToken.None);
    }

    /// <summary>Waits until the file holds exactly the lines of the log, committed, in whatever order the partitions came.</summary>
    public async Task SettleAsync()
    {
        var expected = (await LogDump.ReadAsync(_log, TopicNames.FilteredProducts, CancellationToken.None)).Where(r => r.Value is not null).Select(r => r.Text!).Order(StringComparer.Ordinal).ToList();
        await UntilAsync(async () => File.Exists(FilePath) && (await LinesAsync()).Order(StringComparer.Ordinal).SequenceEqual(expected, StringComparer.Ordinal) && await IsCommittedAsync(), "the file holds the log's lines");
    }

    /// <summary>Lets the sink's clock go on until the condition holds.</summary>
    public Task UntilAsync(Func<Task<bool>> condition, string what) => Wait.UntilAsync(async () =>
    {
        Time.Advance(Tick);
        return await condition();
    }, what, () => $"{_sink?.Readiness.Reason}; {_sink?.ExecuteTask?.Exception}");

    public async Task<string[]> LinesAsync()
    {
        using var reader = new StreamReader(new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var text = await reader.ReadToEndAsync();
        return text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
    }

    /// <summary>When the sink last recorded its positions.</summary>
    public async Task<DateTimeOffset> CommittedAtAsync()
    {
        var words = (await _log.GetPositionsAsync("file-sink", CancellationToken.None)).Values.Select(p => p.Metadata!.Split('@')[1]);
        return DateTimeOffset.FromUnixTimeMilliseconds(words.Max(w => long.Parse(w, System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>The files that were moved aside.</summary>
    public string[] Aside() => Directory.GetFiles(_folder, "filtered-products.txt.2*");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsCommittedAsync()
    {
        var positions = await _log.GetPositionsAsync("file-sink", CancellationToken.None);
        for (var number = 0; number < Partitions; number++)
        {
            var partition = new TopicPartition(TopicNames.FilteredProducts, number);
            if (!positions.TryGetValue(partition, out var at) || at.Offset < (await _log.GetRangeAsync(partition, CancellationToken.None)).End)
            {
                return false;
            }
        }

        return true;
    }
}
