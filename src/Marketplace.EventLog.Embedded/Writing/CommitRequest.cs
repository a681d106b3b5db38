using Marketplace.EventLog.Embedded.Groups;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>An atomic commit: records, records derived from their positions, and input positions.</summary>
internal sealed class CommitRequest(EmbeddedAtomicWriter writer, AtomicBatch batch, TopicRegistry topics, WriterEpochs epochs) : GroupedRequest
{
    private const int MaxMetadataBytes = 4096;
    private readonly TaskCompletionSource<RecordPosition[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordPosition[] _positions = new RecordPosition[batch.Outputs.Count];
    private CancellationTokenRegistration _cancellation;

    /// <summary>Checks what can be checked without the writer.</summary>
    public void Check()
    {
        foreach (var output in batch.Outputs)
        {
            var topic = topics.Get(output.Topic);
            if (output.Make is null)
            {
                topic.Check(output.Record);
                Bytes += Storage.BatchBuilder.SizeOf(output.Record.Key, output.Record.Value, output.Record.Headers);
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

        var derived = batch.Outputs.Any(output => output.Make is not null);
        var made = derived ? MakeDerived(group) : null;
        for (var i = 0; i < _positions.Length; i++)
        {
            var output = batch.Outputs[i];
            _positions[i] = made is null
                ? AddTo(group, topics.Get(output.Topic), output.Record)
                : group.Add(made[i].Partition, made[i].Record);
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

    /// <summary>Works out where every record will stand and makes the derived ones, before anything is added to the group.</summary>
    private (PartitionState Partition, LogRecord Record)[] MakeDerived(CommitGroup group)
    {
        var made = new (PartitionState Partition, LogRecord Record)[batch.Outputs.Count];
        var ahead = new Dictionary<PartitionState, long>();
        for (var i = 0; i < made.Length; i++)
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
            var before = ahead.GetValueOrDefault(partition);
            ahead[partition] = before + 1;
            _positions[i] = new RecordPosition(partition.Name.Partition, group.NextOffset(partition) + before);
            made[i] = (partition, record);
        }

        return made;
    }
}
