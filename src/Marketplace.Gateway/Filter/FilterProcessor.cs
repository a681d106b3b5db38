using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>
/// Judges products by the banned list. A pure function of what it is given: the shop's batches, lists and instants go
/// in, the records of one commit come out; it owns no client, no clock and no thread.
/// </summary>
/// <remarks>
/// What is on sale is compared with what should be, so every change of list or time can be tried again at will:
/// a product that already is as it should be gets no record.
/// </remarks>
public sealed class FilterProcessor(int partitions, ProductLookup lookup, ProductInspector inspect)
{
    private readonly Dictionary<int, FilterPartition> _owned = [];
    private readonly Queue<Affected> _affected = new();
    private readonly PriorityQueue<byte[], long> _expiries = new();
    private bool _progressDue;

    public BanList List { get; private set; } = BanList.Empty();

    public long Instant { get; private set; }

    public IReadOnlyDictionary<int, FilterPartition> Owned => _owned;

    public VerdictBasis Basis => new(List.Position, Instant);

    /// <summary>The list, the instant or the partitions have changed: <see cref="ReconcileAsync(FilterOutput, long, CancellationToken)"/> comes before any new product is judged.</summary>
    public bool IsBehind => _progressDue || _affected.Count > 0;

    /// <summary>When the next ban expires (Unix milliseconds), or null.</summary>
    public long? NextExpiry => _expiries.TryPeek(out _, out var at) ? at : null;

    /// <summary>Moves on to the newest list and instant; both only ever go forward.</summary>
    public void Advance(BanList newest, long now)
    {
        Instant = Math.Max(Instant, now);
        while (!ReferenceEquals(List, newest))
        {
            _progressDue = true;
            if (List.Next is not { } next)
            {
                // The first list: whoever adds partitions compares them with all of it.
                List = newest;
                ScheduleAll(newest);
                break;
            }

            List = next;
            foreach (var id in List.Changed)
            {
                Schedule(id);
            }
        }

        while (_expiries.TryPeek(out var expired, out var at) && at <= Instant)
        {
            _expiries.Dequeue();
            Enqueue(expired);
            _progressDue = true;
        }
    }

    /// <summary>Takes a partition over, as loaded, and lines up what differs from what the list now wants.</summary>
    public void Add(LoadedPartition loaded)
    {
        var partition = loaded.Partition;
        _owned.Add(partition.Number, partition);
        _progressDue = true;
        Instant = Math.Max(Instant, loaded.Basis.AsOf);
        foreach (var (key, id) in loaded.Orphans)
        {
            _affected.Enqueue(new Affected(partition.Number, key, id));
        }

        foreach (var ban in List.All)
        {
            Enqueue(Encoding.UTF8.GetBytes(ban.Name));
        }

        // In the order of the log, which is read for them: after a loss of the output these are all of the shop's products.
        foreach (var (key, _) in partition.Products
            .Where(product => product.Value is { OnSale: false, Withdrawn: false } && List.Find(product.Key, Instant) is null)
            .OrderBy(product => product.Value.Offset))
        {
            _affected.Enqueue(new Affected(partition.Number, key, null));
        }
    }

    public void Remove(int partition) => _owned.Remove(partition);

    /// <summary>
    /// Brings affected products in line until the output holds <paramref name="budget"/> bytes. When none is left, every owned
    /// partition's progress is written.
    /// </summary>
    public async ValueTask ReconcileAsync(FilterOutput output, long budget, CancellationToken cancellationToken)
    {
        output.Begin(Basis);
        while (_affected.TryPeek(out var affected))
        {
            if (output.Bytes >= budget)
            {
                return;
            }

            _affected.Dequeue();
            if (_owned.TryGetValue(affected.Partition, out var partition))
            {
                await ReconcileAsync(partition, affected, output, cancellationToken);
            }
        }

        lookup.Forget();
        _progressDue = false;
        foreach (var partition in _owned.Values)
        {
            output.Progress(partition.Number);
            output.Hold(partition);
        }
    }

    /// <summary>Judges a batch of the shop's records; the output owns the batch from here on.</summary>
    public void Process(RecordBatch batch, FilterOutput output)
    {
        output.Own(batch);
        output.Begin(Basis);
        var partition = _owned[batch.Partition.Partition];
        foreach (ref readonly var record in batch.Records)
        {
            Judge(batch.Partition, partition, record, output);
        }

        partition.Position = batch.NextOffset;
        output.Reached.Add((batch.Partition, batch.NextOffset, batch.LastTimestamp));
        output.Progress(partition.Number);
        output.Hold(partition);
    }

    private void Judge(TopicPartition source, FilterPartition partition, in StoredRecord record, FilterOutput output)
    {
        if (Refusal(record, partition.Number) is { } reason)
        {
            output.DeadLetter(source, record, reason);
            return;
        }

        var id = record.Key!.Value;
        var key = KeyHash.Of(id.Span);
        ref var state = ref partition.At(key);
        var ban = record.Value is null ? null : List.Find(key, Instant);
        var passes = record.Value is not null && ban is null;
        if (passes)
        {
            output.Pass(record);
        }
        else
        {
            if (state.OnSale)
            {
                output.Remove(id, record.Offset);
            }

            output.Decide(ban is null ? Verdict.Withdrawn : Verdict.Banned, id, ban, partition.Number, record.Offset);
        }

        state = new ProductState(record.Offset, passes, withdrawn: record.Value is null);
    }

    /// <summary>Why a record cannot be judged, or null. Loading asks the same, so that a restart knows what the running filter knew.</summary>
    internal string? Refusal(in StoredRecord record, int partition)
    {
        if (record.Key is not { } key)
        {
            return "the record has no key";
        }

        if (KafkaPartitioner.PartitionFor(key.Span, partitions) != partition)
        {
            return "the key belongs to another partition";
        }

        return record.Value is { } value ? inspect(key, value) : null;
    }

    private async ValueTask ReconcileAsync(FilterPartition partition, Affected affected, FilterOutput output, CancellationToken cancellationToken)
    {
        var state = partition.Find(affected.Key) ?? ProductState.Unknown;
        var ban = List.Find(affected.Key, Instant);
        var belongsOnSale = !state.Withdrawn && ban is null;
        if (belongsOnSale == state.OnSale)
        {
            return;
        }

        if (state.OnSale)
        {
            var id = affected.Id!;
            output.Remove(id, state.Offset);
            output.Decide(state.Withdrawn ? Verdict.Withdrawn : Verdict.Removed, id, ban, partition.Number, state.Offset);
        }
        else
        {
            if (await lookup.ReadAsync(partition.Number, state.Offset, cancellationToken) is not { Key: not null, Value: not null } record)
            {
                // A newer record has replaced it and is still to be judged: that verdict decides.
                return;
            }

            output.Restore(record, partition.Number);
        }

        output.Hold(partition);
        partition.At(affected.Key) = state.WithSale(belongsOnSale);
    }

    private void ScheduleAll(BanList list)
    {
        foreach (var ban in list.All)
        {
            Schedule(Encoding.UTF8.GetBytes(ban.Name));
        }
    }

    private void Schedule(byte[] id)
    {
        if (List.Find(KeyHash.Of(id), Instant) is { ExpiresAt: { } end })
        {
            _expiries.Enqueue(id, end);
        }

        Enqueue(id);
    }

    private void Enqueue(byte[] id)
    {
        var partition = KafkaPartitioner.PartitionFor(id, partitions);
        if (_owned.ContainsKey(partition))
        {
            _affected.Enqueue(new Affected(partition, KeyHash.Of(id), id));
        }
    }

    /// <summary>A product to compare with the list; the id may be unknown where only a restoring can follow, which reads it.</summary>
    private readonly record struct Affected(int Partition, UInt128 Key, byte[]? Id);
}

/// <summary>Says why a value is not the product of its key, or null when it is.</summary>
public delegate string? ProductInspector(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value);
