using System.IO.Pipelines;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Ingestion;

/// <summary>
/// Records as lines, without end: at most one append is under way, and the next lines are checked meanwhile, so appends
/// grow with the stream's pace, a pausing client's lines are not held back, and a slow disk slows the client.
/// </summary>
internal sealed class StreamIngestion(RecordKind kind, IEventLog log, IngestionMetrics metrics) : IDisposable
{
    private readonly LineStream _lines = new(kind.MaxBytes);
    private readonly IngestionReport _report = new(kind);
    private IngestionBatch _filling = new(kind);
    private IngestionBatch _sending = new(kind);
    private Task<RecordPosition[]> _append = Task.FromResult<RecordPosition[]>([]);

    /// <exception cref="ProblemException">503 with <c>next_index</c>: the log failed midway, or the gateway stops; all before that index is durable.</exception>
    public async Task<IngestionReport> RunAsync(PipeReader body, CancellationToken stopping)
    {
        using var interrupt = stopping.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
        try
        {
            await ReadAllAsync(body, stopping);
            return _report;
        }
        catch (LogUnavailableException e)
        {
            throw new ProblemException(_report.Broken("The event log cannot be written now; go on at next_index.", e.RetryAfter));
        }
        finally
        {
            // The append's memory is this stream's: it is not given back while the log may still read it.
            await ((Task)_append).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _lines.Dispose();

    private async Task ReadAllAsync(PipeReader body, CancellationToken stopping)
    {
        Task<ReadResult>? reading = null;
        while (true)
        {
            _lines.Scan(_filling);
            if (_lines.IsDone || _filling.IsFull || _lines.IsFull || (_append.IsCompleted && !_filling.IsEmpty))
            {
                await SendAsync();
                if (_lines.IsDone && _filling.IsEmpty)
                {
                    await FinishAsync();
                    return;
                }

                continue;
            }

            reading ??= body.ReadAsync(CancellationToken.None).AsTask();
            await (_append.IsCompleted ? Task.WhenAny((Task)reading) : Task.WhenAny(reading, _append));
            if (!reading.IsCompleted)
            {
                continue;
            }

            var result = await reading;
            reading = null;
            body.AdvanceTo(_lines.Take(result.Buffer, result.IsCompleted));
            if (stopping.IsCancellationRequested)
            {
                await FinishAsync();
                throw new ProblemException(_report.Broken("The gateway is stopping; go on at next_index.", TimeSpan.FromSeconds(1)));
            }
        }
    }

    /// <summary>Waits for the append under way and starts the next.</summary>
    private async Task SendAsync()
    {
        await FinishAsync();
        _lines.Swap();
        (_filling, _sending) = (_sending, _filling);
        _append = log.WriteAsync(kind, _sending);
    }

    private async Task FinishAsync()
    {
        var before = _report.Counts;
        _sending.ReportTo(_report, await _append);
        metrics.Counted(kind, _report.Counts - before);
        _sending.Clear();
    }
}
