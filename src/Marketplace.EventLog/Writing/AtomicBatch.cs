namespace Marketplace.EventLog;

/// <summary>Output records and input positions that are committed together. Reusable after <see cref="Clear"/>; not safe for concurrent use.</summary>
public sealed class AtomicBatch
{
    private readonly List<Output> _outputs = [];
    private readonly List<Input> _inputs = [];

    /// <summary>The outputs in the order they were added.</summary>
    public IReadOnlyList<Output> Outputs => _outputs;

    public IReadOnlyList<Input> Inputs => _inputs;

    /// <summary>When set, the commit is refused unless this member still owns every partition whose position the batch moves.</summary>
    public IGroupMember? Member { get; set; }

    public bool IsEmpty => _outputs.Count == 0 && _inputs.Count == 0;

    public void Add(string topic, in LogRecord record) => _outputs.Add(new Output(topic, record, null));

    /// <summary>
    /// Adds a record that is made when the positions of all records added before it are known (a receipt, say).
    /// <paramref name="make"/> may be called more than once when a commit is tried again, and must be quick.
    /// </summary>
    public void AddDerived(string topic, Func<IReadOnlyList<RecordPosition>, LogRecord> make) => _outputs.Add(new Output(topic, default, make));

    public void SetPosition(string group, TopicPartition partition, GroupPosition position) => _inputs.Add(new Input(group, partition, position));

    public void Clear()
    {
        _outputs.Clear();
        _inputs.Clear();
    }

    /// <summary>An output: a record, or the making of one.</summary>
    public readonly record struct Output(string Topic, LogRecord Record, Func<IReadOnlyList<RecordPosition>, LogRecord>? Make);

    /// <summary>An input's new position.</summary>
    public readonly record struct Input(string Group, TopicPartition Partition, GroupPosition Position);
}
