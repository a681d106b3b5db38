using Marketplace.EventLog.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.EventLog.Embedded.Tests;

/// <summary>The embedded engine in a folder of its own, with a clock that tests move.</summary>
public sealed class EmbeddedHarness : LogHarness
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private EmbeddedEventLog? _log;

    public override IEventLog Log => _log!;

    public EmbeddedEventLog Embedded => _log!;

    public override TimeProvider Time => _time;

    public override bool CanAdvance => true;

    public string Folder => _folder.Path;

    internal Func<EmbeddedLogOptions, EmbeddedLogOptions> With { get; set; } = options => options;

    public override async Task StartAsync()
    {
        var options = With(new EmbeddedLogOptions { Path = _folder.Path, MaintenanceInterval = Timeout.InfiniteTimeSpan, MinCleanableRatio = 0 });
        _log = await EmbeddedEventLog.OpenAsync(options, _time, NullLogger<EmbeddedEventLog>.Instance, TestContext.Current.CancellationToken);
    }

    public override async Task ReopenAsync()
    {
        await _log!.DisposeAsync();
        await StartAsync();
    }

    public override Task MaintainAsync() => _log!.MaintainAsync(TestContext.Current.CancellationToken);

    public override void Advance(TimeSpan by) => _time.Advance(by);

    public override async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        _folder.Dispose();
    }
}
