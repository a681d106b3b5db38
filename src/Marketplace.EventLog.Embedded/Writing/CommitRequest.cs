using Marketplace.EventLog.Embedded.Groups;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>An atomic commit: records, records derived from their positions, and input positions.</summary>
internal sealed class CommitRequest(EmbeddedAtomicWriter writer, AtomicBatch batch, TopicRegistry topics, WriterEpochs epochs) : GroupedRequest
{
    private const int MaxMetadataBytes = 4096;
    private readonly TaskCompletionSource<RecordPosition[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordPosition[] _positions = new RecordPosition[batch.Outputs.Count];
    private CancellationTokenRegistration _cancellation;
    private EncodedRecords? _encoded;

    /// <summary>Encodes the outputs up to the first that has to be made of positions: so the records of each partition keep their order.</summary>
    public void Encode(RecordEncoder encoder)
    {
        _encoded = encoder.Begin();
        foreach (var output in batch.Outputs)
        {
            if (output.Make is not null)
            {
                break;
            }

            _encoded.Add(topics.Get(output.Topic), output.Record);
        }

        _encoded.Seal();
    }

    /// <summary>Checks what can be checked without the writer.</summary>
    public void Check()
    {
        foreach (var output in batch.Outputs)
        {
            var topic = topics.Get(output.Topic);
            if (output.Make is null)
            {
                topic.Check(output.Record);
                Bytes += BatchBuilder.SizeOf(output.Record.Key, output.Record.Value, output.Record.Headers);
            }
        }

        foreach (var input in batch.Inputs)
        {
            _ = topics.Get(input.Partition);
            ArgumentOutOfRangeException.ThrowIfNegative(input.Position.Offset);
            if (input.Position.Metadata is { } metadata && System.Text.Encoding.UTF8.GetByteCount(metadata) > MaxMetadataBytes)
            {
                throw new ArgumentException($"A position's metadata can be {MaxMetadataBytes} bytes at most.");
            }
        }
    }

    public Task<RecordPosition[]> WaitAsync(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var request = (CommitRequest)state!;
                if (request.TryCancel())
                {
                    request._encoded?.Release();
                    request._done.TrySetCanceled(token);
                }
            },
            this);
        return _done.Task;
    }

    public override void Stage(CommitGroup group)
    {
        epochs.Check(writer);
        if (batch.Member is { } member)
        {
            CheckOwnership(member);
        }

        var encoded = _encoded?.Count ?? 0;
        _encoded?.Locate(group, _positions);
        var made = batch.Outputs.Any(output => output.Make is not null) ? MakeDerived(group, encoded) : null;
        if (_encoded is not null)
        {
            group.Add(_encoded);
        }

        for (var i = encoded; i < _positions.Length; i++)
        {
            var output = batch.Outputs[i];
            _positions[i] = made is null
                ? AddTo(group, topics.Get(output.Topic), output.Record)
                : group.Add(made[i - encoded].Partition, made[i - encoded].Record);
        }

        foreach (var input in batch.Inputs)
        {
            group.SetPosition(input.Group, topics.Get(input.Partition), input.Position);
        }
    }

    private static RecordPosition AddTo(CommitGroup group, TopicState topic, in LogRecord record) => group.Add(topic.PartitionFor(record), record);

    public override void Succeed()
    {
        _cancellation.Unregister();
        _done.TrySetResult(_positions);
    }

    public override void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _encoded?.Release();
        _done.TrySetException(exception);
    }

    private void CheckOwnership(IGroupMember member)
    {
        var embedded = member as EmbeddedGroupMember ?? throw new ArgumentException("The batch's member is of another log.");
        foreach (var input in batch.Inputs)
        {
            if (input.Group == embedded.Group && !embedded.Owns(topics.Get(input.Partition)))
            {
                throw new WriterFencedException($"A member of group '{embedded.Group}' no longer owns {input.Partition}; another member has taken over.");
            }
        }
    }

    /// <summary>Works out where every record from <paramref name="first"/> on will stand and makes the derived ones, before anything is added to the group.</summary>
    private (PartitionState Partition, LogRecord Record)[] MakeDerived(CommitGroup group, int first)
    {
        var made = new (PartitionState Partition, LogRecord Record)[batch.Outputs.Count - first];
        var ahead = new Dictionary<PartitionState, long>();
        for (var i = first; i < _positions.Length; i++)
        {
            var output = batch.Outputs[i];
            var topic = topics.Get(output.Topic);
            var record = output.Record;
            if (output.Make is { } make)
            {
                record = make(new ArraySegment<RecordPosition>(_positions, 0, i));
                topic.Check(record);
            }

            var partition = topic.PartitionFor(record);
            var before = ahead.TryGetValue(partition, out var added) ? added : _encoded?.CountOf(partition) ?? 0;
            ahead[partition] = before + 1;
            _positions[i] = new RecordPosition(partition.Name.Partition, group.NextOffset(partition) + before);
            made[i - first] = (partition, record);
        }

        return made;
    }
}
