using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.EventLog;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Mirror.Tests.Fixture;

/// <summary>Two embedded logs, a mirror between them, and short words for what tests do with them.</summary>
public abstract class MirrorTest : IAsyncLifetime
{
    /// <summary>Only for what would never end: ten thousand translations take half a minute on a busy machine.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(8);

    private readonly OwnMeters _meters = new();
    private readonly CancellationTokenSource _timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected MirrorTest()
    {
        (Source, Target) = (new TestLog(LogTime), new TestLog(LogTime));
    }

    protected CancellationToken Token => _timeout.Token;

    protected TestLog Source { get; }

    protected TestLog Target { get; }

    /// <summary>The clock of both logs; the mirror's own goes by itself.</summary>
    protected FakeTimeProvider LogTime { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected MirrorOptions Options { get; set; } = new() { WatchInterval = TimeSpan.FromMilliseconds(20), Linger = TimeSpan.Zero };

    public virtual async ValueTask InitializeAsync()
    {
        await Source.OpenAsync();
        await Target.OpenAsync();
        _timeout.CancelAfter(HangLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    protected LogMirror Mirror(MirrorOptions? options = null, TimeProvider? time = null, IEventLog? target = null) =>
        new(Source.Log, target ?? Target.Log, options ?? Options, time ?? TimeProvider.System, NullLogger<LogMirror>.Instance, meters: _meters);

    /// <summary>Hears the instruments of the mirrors that <see cref="Mirror"/> made, not those of tests that run at the same time.</summary>
    protected MeterListener Listener() => new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };

    /// <summary>Copies all that the source holds and ends.</summary>
    protected async Task CopyAsync(MirrorOptions? options = null)
    {
        using var mirror = Mirror(options);
        await mirror.CatchUpAsync(Token);
    }

    protected static LogRecord Record(string key, string? value, int? partition = null, params ReadOnlySpan<(string, string?)> headers) => new()
    {
        Key = Encoding.UTF8.GetBytes(key),
        Value = value is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(value),
        Partition = partition,
        Headers = headers.IsEmpty ? default : RecordHeaders.Of(headers),
    };

    protected Task EnsureAsync(string topic, int partitions = 1, Func<TopicSpec, TopicSpec>? with = null)
    {
        var spec = new TopicSpec(topic, partitions);
        return Source.Log.EnsureTopicsAsync([with?.Invoke(spec) ?? spec], Token).AsTask();
    }

    protected async Task EventuallyAsync(Func<bool> happened)
    {
        while (!happened())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }
    }

    /// <summary>The copies in the target are the source's records, by a reader that knows nothing of mirrors.</summary>
    protected async Task<long> ShouldBeEqualAsync(params string[] topics)
    {
        var (difference, same) = await LogComparison.RunAsync(Source.Log, Target.Log, topics, Token);
        difference.ShouldBeNull();
        return same;
    }

    /// <summary>Its meters end with the mirrors that they are made for.</summary>
    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
