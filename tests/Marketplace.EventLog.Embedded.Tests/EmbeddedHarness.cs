using Marketplace.EventLog.Contract;
using Marketplace.EventLog.Embedded.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.EventLog.Embedded.Tests;

/// <summary>The embedded engine in a folder of its own, with a clock that tests move.</summary>
public class EmbeddedHarness : LogHarness
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private EmbeddedEventLog? _log;

    public override IEventLog Log => _log!;

    public EmbeddedEventLog Embedded => _log!;

    public override TimeProvider Time => _time;

    public override bool CanAdvance => true;

    public string Folder => _folder.Path;

    internal string DatabaseFile => Path.Combine(Folder, LogDatabase.FileName);

    internal Func<EmbeddedLogOptions, EmbeddedLogOptions> With { get; set; } = options => options;

    public override async Task StartAsync()
    {
        var options = With(new EmbeddedLogOptions { Path = _folder.Path, MaintenanceInterval = Timeout.InfiniteTimeSpan, MinCleanableRatio = 0 });
        _log = await EmbeddedEventLog.OpenAsync(options, _time, NullLogger<EmbeddedEventLog>.Instance, TestContext.Current.CancellationToken);
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await StartAsync();
    }

    public async Task CloseAsync() => await _log!.DisposeAsync();

    public override Task MaintainAsync() => _log!.MaintainAsync(TestContext.Current.CancellationToken);

    public override void Advance(TimeSpan by) => _time.Advance(by);

    public override async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Stored batches of a few records and compaction passes of a few keys, so that short sequences meet every border.</summary>
public class TinyBatchHarness : EmbeddedHarness
{
    public TinyBatchHarness() => With = options => options with { StoredBatchBytes = 400, MaxCompactionKeys = 3 };
}

/// <summary>All requests are encoded by their callers, as large ones are.</summary>
public sealed class EncodingHarness : EmbeddedHarness
{
    public EncodingHarness() => With = options => options with { StoredBatchBytes = 400, EncodeFromBytes = 0 };
}

/// <summary>Maintenance that is broken off somewhere, by a restart.</summary>
public sealed class BrokenOffHarness : TinyBatchHarness
{
    private readonly Random _random = new(1);

    public override bool MaintainsAll => false;

    public override async Task MaintainAsync()
    {
        var maintaining = base.MaintainAsync();
        for (var turns = _random.Next(40); turns > 0 && !maintaining.IsCompleted; turns--)
        {
            // Each is a turn of the writer, as each step of maintenance is.
            await using var writer = await Log.OpenWriterAsync("turn", CancellationToken.None);
        }

        await CloseAsync();
        await Should.NotThrowAsync(async () =>
        {
            try
            {
                await maintaining;
            }
            catch (OperationCanceledException)
            {
            }
        });
        await StartAsync();
    }
}
