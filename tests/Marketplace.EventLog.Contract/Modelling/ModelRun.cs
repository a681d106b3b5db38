using System.Globalization;
using System.Text;

namespace Marketplace.EventLog.Contract.Modelling;

/// <summary>One sequence of operations, done to a log and to its model, compared at every read. Its topics are new in a log that may be old.</summary>
internal sealed class ModelRun : IAsyncDisposable
{
    public const int Topics = 3;
    public const int Partitions = 2;
    public const int Readers = 3;

    private const int MaxMessageBytes = 400_000;

    private readonly LogHarness _harness;
    private readonly CancellationToken _token;
    private readonly TopicSpec[] _specs;
    private readonly Dictionary<TopicPartition, PartitionModel> _model = [];
    private readonly ILogReader[] _readers = new ILogReader[Readers];
    private readonly Dictionary<TopicPartition, long>[] _positions = new Dictionary<TopicPartition, long>[Readers];
    private readonly string _name = $"m-{Guid.NewGuid():N}";
    private IAtomicWriter? _writer;
    private GroupPosition? _committed;
    private int _values;

    private ModelRun(LogHarness harness, CancellationToken token)
    {
        (_harness, _token) = (harness, token);
        _specs =
        [
            new TopicSpec($"{_name}-plain", Partitions) { MaxMessageBytes = MaxMessageBytes },
            new TopicSpec($"{_name}-compact", Partitions)
            {
                MaxMessageBytes = MaxMessageBytes,
                Compaction = new Compaction(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(40)),
            },
            new TopicSpec($"{_name}-delete", Partitions) { MaxMessageBytes = MaxMessageBytes, RetentionTime = TimeSpan.FromHours(2) },
        ];
    }

    private IEventLog Log => _harness.Log;

    private long Now => _harness.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private IEnumerable<TopicPartition> All => _specs.SelectMany(spec => Enumerable.Range(0, Partitions).Select(number => new TopicPartition(spec.Name, number)));

    public static async Task<ModelRun> StartAsync(LogHarness harness, CancellationToken token)
    {
        var run = new ModelRun(harness, token);
        await run.Log.EnsureTopicsAsync(run._specs, token);
        foreach (var partition in run.All)
        {
            run._model.Add(partition, new PartitionModel(run._specs.Single(spec => spec.Name == partition.Topic)));
        }

        for (var reader = 0; reader < Readers; reader++)
        {
            run._positions[reader] = run.All.ToDictionary(partition => partition, _ => 0L);
        }

        await run.OpenAsync();
        return run;
    }

    public Task DoAsync(Operation operation) => operation switch
    {
        Append append => AppendAsync(append),
        Commit commit => CommitAsync(commit),
        Read read => ReadAsync(read.Reader),
        Seek seek => SeekAsync(seek),
        CheckPartition check => CheckAsync(new TopicPartition(_specs[check.Topic].Name, check.Partition), check.BatchBytes),
        Maintain => MaintainAsync(),
        PassTime pass => Task.Run(() => _harness.Advance(pass.By)),
        Reopen => ReopenAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    /// <summary>Everything the log has is what the model has.</summary>
    public async Task CheckAllAsync()
    {
        foreach (var partition in All)
        {
            await CheckAsync(partition, 65_536);
        }

        var positions = await Log.GetPositionsAsync(_name, _token);
        (positions.TryGetValue(new TopicPartition(_specs[0].Name, 0), out var position) ? position : (GroupPosition?)null).ShouldBe(_committed);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers.Where(reader => reader is not null))
        {
            await reader.DisposeAsync();
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private async Task AppendAsync(Append append)
    {
        var records = append.Items.Select(Make).ToArray();
        var at = Now;
        var topic = _specs[append.Topic].Name;
        var positions = records.Length == 1 ? [await Log.AppendAsync(topic, records[0], _token)] : await Log.AppendAsync(topic, records, _token);
        Learn(append.Items.Select(_ => topic), records, positions, at);
    }

    private async Task CommitAsync(Commit commit)
    {
        var batch = new AtomicBatch();
        var (topics, records) = (new List<string>(), new List<LogRecord>());
        foreach (var item in commit.Items)
        {
            topics.Add(_specs[item.Topic].Name);
            records.Add(Make(item));
            batch.Add(topics[^1], records[^1]);
        }

        if (commit.Derives)
        {
            var number = _values++;
            topics.Add(_specs[0].Name);
            records.Add(default);
            batch.AddDerived(_specs[0].Name, before => records[^1] = new LogRecord
            {
                Key = "derived"u8.ToArray(),
                Value = Encoding.UTF8.GetBytes($"{number}: {string.Join(' ', before)}"),
            });
        }

        if (commit.IsRefused)
        {
            batch.Add(_specs[0].Name, new LogRecord { Key = "k"u8.ToArray(), Value = new byte[MaxMessageBytes] });
        }

        if (commit.Position is { } position)
        {
            batch.SetPosition(_name, new TopicPartition(_specs[0].Name, 0), new GroupPosition(position, $"{_values}"));
        }

        var at = Now;
        if (commit.IsRefused)
        {
            await Should.ThrowAsync<RecordTooLargeException>(async () => await _writer!.CommitAsync(batch, _token));
            return;
        }

        var positions = await _writer!.CommitAsync(batch, _token);
        Learn(topics, records, positions, at);
        if (batch.Inputs.Count > 0)
        {
            _committed = batch.Inputs[0].Position;
        }
    }

    private LogRecord Make(Item item)
    {
        var number = (_values++).ToString(CultureInfo.InvariantCulture).PadLeft(ModelRecords.NumberDigits);
        return new LogRecord
        {
            Key = item.Key is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(item.Key),
            Value = item.Size is { } size ? Encoding.UTF8.GetBytes(number + new string('x', size)) : default(ReadOnlyMemory<byte>?),
            Headers = item.HasHeader ? RecordHeaders.Of(("n", number), ("none", null)) : RecordHeaders.None,
            Timestamp = item.Age is { } age ? Now - age : null,
            Partition = item.Partition,
        };
    }

    private void Learn(IEnumerable<string> topics, IReadOnlyList<LogRecord> records, RecordPosition[] positions, long at)
    {
        positions.Length.ShouldBe(records.Count);
        foreach (var ((topic, record), position) in topics.Zip(records).Zip(positions))
        {
            var partition = _model[new TopicPartition(topic, position.Partition)];
            if (record.Partition is { } asked)
            {
                position.Partition.ShouldBe(asked);
            }

            position.Offset.ShouldBeGreaterThan(partition.Records.Count > 0 ? partition.Records[^1].Offset : -1);
            partition.Records.Add(new ModelRecord(
                position.Offset,
                record.Timestamp ?? (_harness.CanAdvance ? at : -1),
                ModelRecords.Text(record.Key),
                ModelRecords.Text(record.Value),
                Convert.ToHexString(record.Headers.Encoded.Span)) { AppendedAt = at });
        }
    }

    private async Task ReadAsync(int number)
    {
        var behind = false;
        foreach (var (partition, position) in _positions[number])
        {
            behind |= position < (await Log.GetRangeAsync(partition, _token)).End;
        }

        if (!behind)
        {
            return;
        }

        using var batch = await _readers[number].ReadAsync(_token);
        var from = Math.Max(_positions[number][batch!.Partition], (await Log.GetRangeAsync(batch.Partition, _token)).Begin);
        batch.NextOffset.ShouldBeGreaterThanOrEqualTo(from);
        ModelRecords.ShouldBe(ModelRecords.Of(batch), _model[batch.Partition].From(from).TakeWhile(record => record.Offset < batch.NextOffset));
        _positions[number][batch.Partition] = batch.NextOffset;
    }

    private async Task SeekAsync(Seek seek)
    {
        foreach (var spec in _specs)
        {
            var partition = new TopicPartition(spec.Name, seek.Partition);
            var range = await Log.GetRangeAsync(partition, _token);
            var offset = range.Begin + ((range.End - range.Begin) * seek.Part / 1000);
            _readers[seek.Reader].Seek(partition, offset);
            _positions[seek.Reader][partition] = offset;
        }
    }

    private async Task CheckAsync(TopicPartition partition, int batchBytes)
    {
        var model = _model[partition];
        var range = await Log.GetRangeAsync(partition, _token);
        if (model.Records.Count > 0)
        {
            range.Begin.ShouldBeLessThanOrEqualTo(model.Records[0].Offset);
            range.End.ShouldBeGreaterThan(model.Records[^1].Offset);
        }

        ModelRecords.ShouldBe(await ReadToEndAsync(partition, range, batchBytes), model.Records);
    }

    private async Task<List<ModelRecord>> ReadToEndAsync(TopicPartition partition, OffsetRange range, int batchBytes)
    {
        var read = new List<ModelRecord>();
        await using var reader = await Log.OpenReaderAsync(
            new Dictionary<TopicPartition, long> { [partition] = range.Begin }, new ReaderOptions { MaxBatchBytes = batchBytes }, _token);
        while (reader.PositionOf(partition) < range.End)
        {
            using var batch = await reader.ReadAsync(_token);
            read.AddRange(ModelRecords.Of(batch!));
        }

        return read;
    }

    private async Task MaintainAsync()
    {
        var log = Log;
        await _harness.MaintainAsync();
        if (Log != log)
        {
            // This engine's maintenance was broken off by a restart.
            await DisposeAsync();
            await OpenAsync();
        }

        foreach (var (partition, model) in _model)
        {
            var range = await Log.GetRangeAsync(partition, _token);
            var left = await ReadToEndAsync(partition, range, 1 << 20);
            model.Maintained(_harness.CanAdvance ? left : [.. left.Select(record => record with { Timestamp = model.From(record.Offset).First().Timestamp })], range.Begin, Now, _harness.MaintainsAll);
        }
    }

    private async Task ReopenAsync()
    {
        await DisposeAsync();
        await _harness.ReopenAsync();
        await OpenAsync();
        await CheckAllAsync();
    }

    private async Task OpenAsync()
    {
        _writer = await Log.OpenWriterAsync(_name, _token);
        for (var reader = 0; reader < Readers; reader++)
        {
            _readers[reader] = await Log.OpenReaderAsync(
                _positions[reader], new ReaderOptions { ResetToBegin = true, MaxBatchBytes = reader == 0 ? 1 : 300 << (5 * reader) }, _token);
        }
    }
}
