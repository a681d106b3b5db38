using System.Diagnostics.Metrics;
using Marketplace.Mirror.Copying;

namespace Marketplace.Mirror.Status;

/// <summary>What the mirror measures, by the meter <c>Marketplace.Mirror</c>.</summary>
internal sealed class MirrorMetrics : IDisposable
{
    public const string MeterName = "Marketplace.Mirror";

    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _commit;
    private readonly MirrorTable _table;
    private readonly TimeProvider _time;

    public MirrorMetrics(MirrorTable table, ConflictWatch? conflicts, Func<MirrorPhase> phase, TimeProvider time, IMeterFactory? meters)
    {
        (_table, _time) = (table, time);
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _records = _meter.CreateCounter<long>("marketplace.mirror.copied", "{record}", "Records copied and durable on the target.");
        _bytes = _meter.CreateCounter<long>("marketplace.mirror.copied.size", "By", "Bytes copied: keys, values and headers.");
        _commit = _meter.CreateHistogram<double>("marketplace.mirror.commit.duration", "s", "Time of a commit of records with their positions on the target.");
        _meter.CreateObservableGauge("marketplace.mirror.lag.records", () => Partitions(partition => partition.LagRecords), "{record}", "Offsets between the source's end and what is copied.");
        _meter.CreateObservableGauge("marketplace.mirror.lag", () => Partitions(partition => partition.LagSeconds), "s", "Age of what is missing on the target.");
        _meter.CreateObservableGauge("marketplace.mirror.stopped", () => Partitions(partition => partition.State == MirrorState.Running ? 0 : 1), null, "1 where a partition has stopped; the state says why.");
        _meter.CreateObservableGauge("marketplace.mirror.running", () => phase() == MirrorPhase.Running ? 1 : 0, null, "1 while the mirror runs.");
        _meter.CreateObservableCounter("marketplace.mirror.conflicts", () => conflicts?.Count ?? 0, "{record}", "Keys of compacted topics that both clusters wrote.");
    }

    public void Copied(CopyOutput output, TimeSpan commit)
    {
        _records.Add(output.Records);
        _bytes.Add(output.Bytes);
        _commit.Record(commit.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Partitions<T>(Func<PartitionStatus, T> of)
        where T : struct
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var partition in _table.All)
        {
            var status = partition.Describe(now);
            yield return new Measurement<T>(
                of(status),
                new KeyValuePair<string, object?>("topic", partition.Name.Topic),
                new KeyValuePair<string, object?>("partition", partition.Name.Partition),
                new KeyValuePair<string, object?>("state", status.State.ToString().ToLowerInvariant()));
        }
    }
}
