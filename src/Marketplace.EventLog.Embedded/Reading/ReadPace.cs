using System.Diagnostics;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>Spaces a reader's looks at the log by <see cref="ReaderOptions.Linger"/>. It is about load and not about the log's time, so its clock is the real one.</summary>
internal sealed class ReadPace(TimeSpan linger)
{
    private long _ranDry;

    /// <summary>To be called when there was nothing left to read.</summary>
    public void RanDry() => _ranDry = Stopwatch.GetTimestamp();

    /// <summary>To be called when there is something to read again.</summary>
    public ValueTask GatherAsync(CancellationToken cancellationToken)
    {
        var rest = linger - Stopwatch.GetElapsedTime(_ranDry);
        return rest > TimeSpan.Zero ? new(Task.Delay(rest, TimeProvider.System, cancellationToken)) : ValueTask.CompletedTask;
    }
}
