using System.Text;

namespace Marketplace.EventLog.Contract;

/// <summary>What the contract's test classes share: a log of their own, and short words for what they do with it.</summary>
public abstract class LogContract<THarness> : IAsyncLifetime
    where THarness : LogHarness, new()
{
    /// <summary>A test that takes longer has hung.</summary>
    protected virtual TimeSpan Patience => Harness.Patience;

    private readonly CancellationTokenSource _timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected THarness Harness { get; } = new();

    protected IEventLog Log => Harness.Log;

    /// <summary>Cancelled when the test hangs.</summary>
    protected CancellationToken Token => _timeout.Token;

    protected long Now => Harness.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync()
    {
        await Harness.StartAsync();
        _timeout.CancelAfter(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } known ? Encoding.UTF8.GetString(known.Span) : null;

    protected static LogRecord Record(string key, string? value, int? partition = null, long? timestamp = null) => new()
    {
        Key = Bytes(key),
        Value = value is null ? default(ReadOnlyMemory<byte>?) : Bytes(value),
        Partition = partition,
        Timestamp = timestamp,
    };

    protected static LogRecord[] Records(int count, string prefix = "v", int? partition = null) =>
        [.. Enumerable.Range(0, count).Select(i => Record($"k{i}", $"{prefix}{i}", partition))];

    /// <summary>Makes a topic of a name of its own.</summary>
    protected async Task<string> TopicAsync(int partitions = 1, Func<TopicSpec, TopicSpec>? with = null)
    {
        var spec = new TopicSpec($"t-{Guid.NewGuid():N}", partitions);
        spec = with?.Invoke(spec) ?? spec;
        await Log.EnsureTopicsAsync([spec], Token);
        return spec.Name;
    }

    protected ValueTask<ILogReader> ReaderAsync(string topic, long from = LogOffset.Begin, int partitions = 1, ReaderOptions? options = null) =>
        Log.OpenReaderAsync(
            Enumerable.Range(0, partitions).ToDictionary(number => new TopicPartition(topic, number), _ => from), options ?? ReaderOptions.Default, Token);

    /// <summary>Reads a partition from an offset to its end as it is now.</summary>
    protected async Task<List<Copy>> ReadAllAsync(string topic, int partition = 0, long from = LogOffset.Begin, ReaderOptions? options = null)
    {
        var name = new TopicPartition(topic, partition);
        var range = await Log.GetRangeAsync(name, Token);
        var read = new List<Copy>();
        await using var reader = await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [name] = from }, options ?? ReaderOptions.Default, Token);
        while (reader.PositionOf(name) < range.End)
        {
            using var batch = await reader.ReadAsync(Token);
            read.AddRange(Copy.Of(batch!));
        }

        return read;
    }

    /// <summary>Reads until a condition holds for what was read.</summary>
    protected async Task<List<Copy>> ReadUntilAsync(ILogReader reader, Func<List<Copy>, bool> enough)
    {
        var read = new List<Copy>();
        while (!enough(read))
        {
            using var batch = await reader.ReadAsync(Token);
            if (batch is not null)
            {
                read.AddRange(Copy.Of(batch));
            }
        }

        return read;
    }

    /// <summary>Lets compaction and retention do what is due.</summary>
    protected Task MaintainAsync()
    {
        if (!Harness.CanMaintain)
        {
            Assert.Skip("This engine's compaction and retention cannot be made to run now.");
        }

        return Harness.MaintainAsync();
    }

    /// <summary>Waits for something that happens beside the test.</summary>
    protected async Task EventuallyAsync(Func<bool> happened)
    {
        while (!happened())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }
    }

    protected void Advance(TimeSpan by)
    {
        if (!Harness.CanAdvance)
        {
            Assert.Skip("This engine's clock cannot be moved.");
        }

        Harness.Advance(by);
    }

    /// <summary>A record as read, with memory of its own.</summary>
    protected sealed record Copy(int Partition, long Offset, long Timestamp, string? Key, string? Value, string Headers)
    {
        public static IEnumerable<Copy> Of(RecordBatch batch)
        {
            var copies = new List<Copy>(batch.Count);
            foreach (var record in batch.Records)
            {
                copies.Add(new Copy(
                    batch.Partition.Partition, record.Offset, record.Timestamp, Text(record.Key), Text(record.Value), Convert.ToHexString(record.Headers.Encoded.Span)));
            }

            return copies;
        }
    }
}
