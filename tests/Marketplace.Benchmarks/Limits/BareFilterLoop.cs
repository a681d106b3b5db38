using System.Diagnostics;
using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;

namespace Marketplace.Benchmarks.Limits;

/// <summary>
/// The limit of the filter: reads <c>shop-products</c> and writes every record as it is to <c>filtered-products</c>, positions
/// committed with it, by the filter's own rule of batches and commits (<see cref="FilterCommits"/>): one commit is under way
/// while the next is filled, and none is filled beyond the same number of bytes. It looks at no record.
/// </summary>
internal sealed class BareFilterLoop(IEventLog log) : IRebalanceListener
{
    private const string Group = "bare-loop";

    private readonly Dictionary<TopicPartition, long> _end = [];
    private Commit _filling = new();
    private Commit _committing = new();
    private Task _current = Task.CompletedTask;

    /// <summary>Commits made.</summary>
    public int Commits { get; private set; }

    /// <returns>The time from joining the group until everything that was in the log is durable in the output.</returns>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var writer = await log.OpenWriterAsync(Group, cancellationToken);
        await using var member = await log.JoinGroupAsync(Group, [TopicNames.ShopProducts], this, ReaderOptions.Default, cancellationToken);
        Task<RecordBatch?>? reading = null;
        do
        {
            reading ??= member.ReadAsync(cancellationToken).AsTask();
            await (_filling.IsEmpty ? Task.WhenAny((Task)reading) : Task.WhenAny(reading, _current));
            if (reading.IsCompleted)
            {
                if (await reading is { } batch)
                {
                    _filling.Take(batch);
                    Advance(batch);
                }

                reading = null;
            }

            await SendAsync(writer, member);
        }
        while (_end.Count > 0);

        await _current;
        if (!_filling.IsEmpty)
        {
            await SendAsync(writer, member);
            await _current;
        }

        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask AssignedAsync(IReadOnlyDictionary<TopicPartition, long> starts, CancellationToken cancellationToken)
    {
        foreach (var partition in starts.Keys)
        {
            var range = await log.GetRangeAsync(partition, cancellationToken);
            if (range.End > range.Begin)
            {
                _end[partition] = range.End;
            }
        }
    }

    public ValueTask RevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask LostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private void Advance(RecordBatch batch)
    {
        if (_end.TryGetValue(batch.Partition, out var end) && batch.NextOffset >= end)
        {
            _end.Remove(batch.Partition);
        }
    }

    private async ValueTask SendAsync(IAtomicWriter writer, IGroupMember member)
    {
        if (_filling.Bytes >= FilterPace.Default.MaxBytes || (_current.IsCompleted && !_filling.IsEmpty))
        {
            await _current;
            (_filling, _committing) = (_committing, _filling);
            _current = CommitAsync(writer, member, _committing);
        }
    }

    private async Task CommitAsync(IAtomicWriter writer, IGroupMember member, Commit commit)
    {
        commit.Batch.Member = member;
        await writer.CommitAsync(commit.Batch, CancellationToken.None);
        commit.Clear();
        Commits++;
    }

    private sealed class Commit
    {
        private readonly List<RecordBatch> _inputs = [];

        public AtomicBatch Batch { get; } = new();

        public long Bytes { get; private set; }

        public bool IsEmpty => Batch.IsEmpty;

        public void Take(RecordBatch batch)
        {
            _inputs.Add(batch);
            foreach (ref readonly var record in batch.Records)
            {
                Bytes += record.Value?.Length ?? 0;
                Batch.Add(TopicNames.FilteredProducts, new LogRecord { Key = record.Key, Value = record.Value, Headers = record.Headers });
            }

            Batch.SetPosition(Group, batch.Partition, new GroupPosition(batch.NextOffset));
        }

        public void Clear()
        {
            Batch.Clear();
            _inputs.ForEach(batch => batch.Dispose());
            _inputs.Clear();
            Bytes = 0;
        }
    }
}
