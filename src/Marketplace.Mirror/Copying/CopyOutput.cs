using System.Text;
using Marketplace.EventLog;
using Marketplace.Mirror.Positions;
using Marketplace.Mirror.Records;
using Marketplace.Mirror.Status;

namespace Marketplace.Mirror.Copying;

/// <summary>
/// Records and positions of one commit. It holds the batches that were read, so their bytes go to the target without a copy of ours.
/// Not safe for concurrent use.
/// </summary>
internal sealed class CopyOutput(MirrorOptions options, string owner, ConflictWatch? conflicts, ICopyObserver? observer) : IDisposable
{
    private readonly byte[] _source = Encoding.UTF8.GetBytes(options.Source);
    private readonly byte[] _target = Encoding.UTF8.GetBytes(options.Target);
    private readonly List<RecordBatch> _held = [];
    private readonly HeaderArena _headers = new();
    private readonly Dictionary<PartitionMirror, Part> _parts = [];

    public AtomicBatch Batch { get; } = new();

    /// <summary>Bytes of what is held, for the bound and for the rate.</summary>
    public long Bytes { get; private set; }

    public bool IsEmpty => _parts.Count == 0 && Batch.Inputs.Count == 0;

    /// <summary>Somebody waits for it; positions alone can go with the next records.</summary>
    public bool HasNews => Batch.Outputs.Count > 0 || Batch.Inputs.Count > 0;

    public int Records => Batch.Outputs.Count;

    public IEnumerable<PartitionMirror> Partitions => _parts.Keys;

    /// <summary>Adds a batch of the source and takes over its disposal.</summary>
    /// <exception cref="MirrorException">A record came through a cluster of the source's own name.</exception>
    public void Add(PartitionMirror partition, RecordBatch batch)
    {
        _held.Add(batch);
        if (!_parts.TryGetValue(partition, out var part))
        {
            _parts.Add(partition, part = new Part(partition.Position));
        }

        foreach (ref readonly var record in batch.Records)
        {
            var fromTarget = !record.Headers.IsEmpty && CameThroughTarget(partition, record);
            if (partition.IsCompacted)
            {
                conflicts?.See(partition.Name.Topic, record, fromTarget);
            }

            if (!fromTarget)
            {
                Add(partition, part, record);
            }
        }

        (part.Next, part.End) = (batch.NextOffset, batch.EndOffset);
        if (batch.Count > 0)
        {
            ref readonly var last = ref batch.Records[^1];
            (part.LastOffset, part.LastHash) = (last.Offset, RecordHash.Of(last));
        }
    }

    /// <summary>Writes the position again as it is, with the time of now.</summary>
    public void Refresh(PartitionMirror partition) => _parts.TryAdd(partition, new Part(partition.Position));

    public void SetGroupPosition(string group, TopicPartition partition, GroupPosition position) => Batch.SetPosition(group, partition, position);

    /// <summary>Adds the positions; the batch may be committed then.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public void Seal(long now)
    {
        foreach (var (partition, part) in _parts)
        {
            part.Sealed = partition.Position with { Offset = part.Next, At = now, LastOffset = part.LastOffset, LastHash = part.LastHash };
            Batch.SetPosition(options.Name, partition.Name, part.Sealed.ToGroupPosition(owner));
        }
    }

    /// <summary>It is committed: what is known of the partitions moves on.</summary>
    /// <param name="written">Where the records stand in the target.</param>
    public void Committed(IReadOnlyList<RecordPosition> written, long now)
    {
        foreach (var (partition, part) in _parts)
        {
            if (part.Records > 0)
            {
                partition.Anchors.Add(part.First.Source, written[part.First.Output].Offset);
                partition.Anchors.Add(part.Last.Source, written[part.Last.Output].Offset);
            }

            partition.Advance(part.Sealed, part.Records, part.Timestamp, part.End, now);
        }

        observer?.Committed();
    }

    public void Reset()
    {
        _held.ForEach(batch => batch.Dispose());
        _held.Clear();
        _parts.Clear();
        _headers.Reset();
        Batch.Clear();
        Bytes = 0;
    }

    public void Dispose()
    {
        observer?.Dropped();
        Reset();
    }

    private void Add(PartitionMirror partition, Part part, in StoredRecord record)
    {
        var original = record.Headers.Encoded;
        var room = _headers.Take(original.Length + MirrorHeader.SizeFor(_source));
        original.CopyTo(room);
        var length = original.Length + MirrorHeader.Write(room.Span[original.Length..], _source, record.Offset);
        _headers.Keep(length);
        part.See(record.Offset, Batch.Outputs.Count, record.Timestamp);
        observer?.Taken(record);
        Batch.Add(partition.Name.Topic, new LogRecord
        {
            Key = record.Key,
            Value = record.Value,
            Headers = new RecordHeaders(room[..length]),
            Timestamp = record.Timestamp,
            Partition = partition.Name.Partition,
        });
        Bytes += length + (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
    }

    private bool CameThroughTarget(PartitionMirror partition, in StoredRecord record)
    {
        if (MirrorHeader.CameThrough(record.Headers, _source))
        {
            throw new MirrorException(
                $"{partition.Name} holds a record at {record.Offset} that a mirror copied from a cluster named '{options.Source}', which is this one's name: two clusters are called the same.");
        }

        return MirrorHeader.CameThrough(record.Headers, _target);
    }

    /// <summary>What one partition adds to the commit.</summary>
    private sealed class Part(MirrorPosition position)
    {
        public long Next { get; set; } = position.Offset;

        public long End { get; set; } = position.Offset;

        public long LastOffset { get; set; } = position.LastOffset;

        public ulong LastHash { get; set; } = position.LastHash;

        public int Records { get; private set; }

        public long Timestamp { get; private set; }

        public (long Source, int Output) First { get; private set; }

        public (long Source, int Output) Last { get; private set; }

        public MirrorPosition Sealed { get; set; }

        public void See(long source, int output, long timestamp)
        {
            Last = (source, output);
            First = Records++ == 0 ? Last : First;
            Timestamp = timestamp;
        }
    }
}
