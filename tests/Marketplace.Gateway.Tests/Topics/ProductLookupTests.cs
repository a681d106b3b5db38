using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Tests.Topics;

/// <summary>Single records out of a partition with gaps, against the list of what is in it.</summary>
public sealed class ProductLookupTests
{
    private const int End = 3_000;
    private const int BatchRecords = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_offset_in_any_order_gives_its_record_or_nothing(int seed)
    {
        var random = new Random(seed);
        var log = new GappedLog(random);
        await using var lookup = new ProductLookup(log, BatchRecords);
        for (var i = 0; i < 2_000; i++)
        {
            // A walk forwards with leaps, as reconciling takes it, and offsets that never were.
            var offset = random.Next(4) == 0 ? random.Next(-5, End + 5) : (log.LastAsked + random.Next(1, 60)) % End;
            var found = await lookup.ReadAsync(0, offset, TestContext.Current.CancellationToken);

            (found is { } record ? Encoding.UTF8.GetString(record.Value!.Value.Span) : null).ShouldBe(log.Offsets.Contains(offset) ? $"{offset}" : null, $"at {offset}");
            log.LastAsked = Math.Max(offset, 0);
            if (random.Next(50) == 0)
            {
                lookup.Forget();
            }
        }

        log.Alive.ShouldBeLessThanOrEqualTo(1, "only the latest batch is kept");
        lookup.Forget();
        log.Alive.ShouldBe(0);
    }

    [Fact]
    public async Task Ascending_offsets_take_one_seek_and_each_batch_once()
    {
        var log = new GappedLog(new Random(4));
        await using var lookup = new ProductLookup(log, BatchRecords);
        foreach (var offset in log.Offsets.Order())
        {
            (await lookup.ReadAsync(0, offset, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        }

        log.Seeks.ShouldBe(0, "it was opened where the first one stands");
        log.Reads.ShouldBe((log.Offsets.Count + BatchRecords - 1) / BatchRecords);
    }

    /// <summary>One partition in which two thirds of the offsets are gone; a batch holds as many records as its limit has bytes.</summary>
    private sealed class GappedLog(Random random) : IEventLog
    {
        public SortedSet<long> Offsets { get; } = [.. Enumerable.Range(0, End).Where(_ => random.Next(3) == 0).Select(offset => (long)offset)];

        public long LastAsked { get; set; }

        public int Seeks { get; private set; }

        public int Reads { get; private set; }

        /// <summary>Batches that nobody has disposed of.</summary>
        public int Alive { get; private set; }

        public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) => new(new OffsetRange(0, End));

        public ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken) =>
            new(new Reader(this, from.Single().Key, from.Single().Value, options.MaxBatchBytes));

        public ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IGroupMember> JoinGroupAsync(string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;

        private sealed class Reader(GappedLog log, TopicPartition source, long position, int records) : ILogReader
        {
            private long _position = position;

            public ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken)
            {
                _position.ShouldBeLessThan(End, "who reads behind the end waits without end");
                var found = log.Offsets.GetViewBetween(_position, End).Take(records).ToArray();
                _position = found is [.., var last] ? last + 1 : End;
                log.Reads++;
                log.Alive++;
                var stored = found.Select(offset => new StoredRecord { Offset = offset, Key = "k"u8.ToArray(), Value = Encoding.UTF8.GetBytes($"{offset}") }).ToArray();
                return new(new RecordBatch(source, stored, _position, End, new Owner(log)));
            }

            public void Wake() => throw new NotSupportedException();

            public long PositionOf(TopicPartition partition) => _position;

            public void Seek(TopicPartition partition, long offset)
            {
                log.Seeks++;
                _position = offset;
            }

            public ValueTask DisposeAsync() => default;
        }

        private sealed class Owner(GappedLog log) : IDisposable
        {
            public void Dispose() => log.Alive--;
        }
    }
}
