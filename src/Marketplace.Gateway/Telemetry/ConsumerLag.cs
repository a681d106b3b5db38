using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Telemetry;

/// <summary>How far this process's consumers are behind the ends of the partitions they read, in records and in seconds.</summary>
/// <remarks>
/// Seconds are the age of what waits: a consumer has processed everything up to the latest record it has done and everything that
/// was there at the latest look at which the end was no further than it is now; so what waits is younger than the later of the two.
/// </remarks>
public sealed class ConsumerLag
{
    public const string MeterName = "Marketplace.Consumers";

    private readonly ConcurrentDictionary<(string Group, TopicPartition Partition), Position> _positions = new();
    private readonly ConcurrentDictionary<TopicPartition, EndHistory> _ends = new();
    private readonly TimeProvider _time;

    public ConsumerLag(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("marketplace.consumer.lag.records", () => Observe((lag, _) => lag), "{record}", "Records that a consumer has not processed yet.");
        meter.CreateObservableGauge("marketplace.consumer.lag", () => Observe((_, age) => age), "s", "Age of the oldest record that a consumer has not processed yet.");
        meter.CreateObservableGauge("marketplace.consumer.partitions", ObservePartitions, "{partition}", "Partitions that consumers of this process own.");
    }

    /// <summary>The partitions that anybody reads.</summary>
    internal IEnumerable<TopicPartition> Read => _positions.Keys.Select(key => key.Partition).Distinct();

    /// <summary>The consumer owns the partition and goes on at this offset.</summary>
    public void Assigned(string group, TopicPartition partition, long next) =>
        _positions[(group, partition)] = new Position(next, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The consumer has processed everything before an offset.</summary>
    /// <param name="timestamp">Of the latest record it has processed (Unix milliseconds); null where it passed none.</param>
    public void Reached(string group, TopicPartition partition, long next, long? timestamp)
    {
        var key = (group, partition);
        if (_positions.TryGetValue(key, out var before))
        {
            // A consumer that another has just taken the partition from is not written back.
            _positions.TryUpdate(key, new Position(next, timestamp ?? before.ProcessedUpTo), before);
        }
    }

    /// <summary>The partition is no longer this consumer's.</summary>
    public void Revoked(string group, TopicPartition partition) => _positions.TryRemove((group, partition), out _);

    /// <summary>Where the partition ended at a look at it (Unix milliseconds).</summary>
    internal void Ends(TopicPartition partition, long end, long at) => _ends.GetOrAdd(partition, static _ => new EndHistory()).Add(end, at);

    private IEnumerable<Measurement<double>> Observe(Func<long, double, double> what)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var ((group, partition), position) in _positions)
        {
            if (_ends.TryGetValue(partition, out var ends))
            {
                var lag = Math.Max(0, ends.Latest - position.Next);
                var since = Math.Max(position.ProcessedUpTo, ends.LastAtMost(position.Next));
                yield return new Measurement<double>(
                    what(lag, lag == 0 ? 0 : Math.Max(0, now - since) / 1000d),
                    new("group", group), new("topic", partition.Topic), new("partition", partition.Partition));
            }
        }
    }

    private IEnumerable<Measurement<long>> ObservePartitions() => _positions.Keys
        .GroupBy(key => (key.Group, key.Partition.Topic))
        .Select(owned => new Measurement<long>(owned.Count(), new KeyValuePair<string, object?>("group", owned.Key.Group), new KeyValuePair<string, object?>("topic", owned.Key.Topic)));

    /// <param name="ProcessedUpTo">The timestamp of the latest processed record; before the first one, when the partition was assigned.</param>
    private sealed record Position(long Next, long ProcessedUpTo);

    /// <summary>Where a partition ended, at the last looks. Written by one thread.</summary>
    private sealed class EndHistory
    {
        /// <summary>An hour of looks; what waits longer than that is told by its consumer's position.</summary>
        private const int Looks = 720;

        private readonly Queue<(long End, long At)> _looks = new();
        private readonly Lock _gate = new();

        public long Latest { get; private set; }

        public void Add(long end, long at)
        {
            lock (_gate)
            {
                Latest = end;
                _looks.Enqueue((end, at));
                if (_looks.Count > Looks)
                {
                    _looks.Dequeue();
                }
            }
        }

        /// <summary>The latest look at which the partition ended here or before, or 0.</summary>
        public long LastAtMost(long offset)
        {
            lock (_gate)
            {
                var found = 0L;
                foreach (var (end, at) in _looks)
                {
                    found = end <= offset ? at : found;
                }

                return found;
            }
        }
    }
}
