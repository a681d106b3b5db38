using System.Diagnostics.Metrics;

namespace Marketplace.EventLog.Embedded;

/// <summary>What the log measures of itself, by the meter <see cref="MeterName"/>.</summary>
internal sealed class LogMetrics : IDisposable
{
    public const string MeterName = "Marketplace.EventLog";

    private readonly Meter _meter = new(MeterName);
    private readonly KeyValuePair<string, object?> _log;
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _removed;
    private readonly Histogram<double> _maintenance;
    private readonly Histogram<double> _transaction;
    private readonly Histogram<double> _sync;

    /// <param name="name">Tells this log from another of the process, as the tag <c>log</c> of each measurement.</param>
    public LogMetrics(string name)
    {
        _log = new("log", name);
        _records = _meter.CreateCounter<long>("marketplace.eventlog.appended", "{record}", "Records appended and durable.");
        _bytes = _meter.CreateCounter<long>("marketplace.eventlog.appended.size", "By", "Bytes of records appended and durable.");
        _removed = _meter.CreateCounter<long>("marketplace.eventlog.removed", "{record}", "Records that compaction or retention has removed.");
        _maintenance = _meter.CreateHistogram<double>("marketplace.eventlog.maintenance.duration", "s", "Time of one run of compaction, retention and the return of space.");
        _transaction = _meter.CreateHistogram<double>("marketplace.eventlog.transaction.duration", "s", "Time of a write transaction, its fsync included.");
        _sync = _meter.CreateHistogram<double>("marketplace.eventlog.sync.duration", "s", "Time of a transaction's commit: writing the write-ahead log and its fsync.");
    }

    public void Appended(int records, long bytes)
    {
        _records.Add(records, _log);
        _bytes.Add(bytes, _log);
    }

    public void Committed(TimeSpan transaction, TimeSpan commit)
    {
        _transaction.Record(transaction.TotalSeconds, _log);
        _sync.Record(commit.TotalSeconds, _log);
    }

    public void Removed(int records, string by) => _removed.Add(records, _log, new KeyValuePair<string, object?>("by", by));

    public void Maintained(TimeSpan duration) => _maintenance.Record(duration.TotalSeconds, _log);

    public void Dispose() => _meter.Dispose();
}
