using Marketplace.EventLog;
using Marketplace.Gateway.Client.Events.Ids;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Ingestion;

namespace Marketplace.Gateway.Client.Events;

/// <summary>
/// Lets each event id into the log once. An id is known when the feed has read it; from the moment a request brings it until then
/// it is held here, so that at no moment the same id can be taken for new.
/// </summary>
internal sealed class EventAdmission : IAdmission
{
    /// <summary>Ids held beyond this wait until the feed has read more: a bound to memory.</summary>
    private const int MaxHeld = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (Held Batch, int Record)> _held = [];
    private TaskCompletionSource _room = NewSignal();
    private volatile EventIds? _ids;

    /// <summary>For the feed: it has read all that was in the log at the start, so what is new can be told from what is not.</summary>
    public void Open(EventIds ids) => _ids = ids;

    /// <summary>For the feed: these ids are known to <see cref="EventIds"/> now.</summary>
    public void Release(ReadOnlySpan<UInt128> ids)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                return;
            }

            var wasFull = _held.Count >= MaxHeld;
            foreach (var id in ids)
            {
                _held.Remove(id);
            }

            if (wasFull && _held.Count < MaxHeld)
            {
                (room, _room) = (_room, NewSignal());
            }
        }

        room?.TrySetResult();
    }

    /// <exception cref="NotReadyException">What is in the log is not known yet.</exception>
    public async ValueTask<IAdmitted> AdmitAsync(IngestionBatch batch)
    {
        var ids = _ids ?? throw new NotReadyException("The events of before are still being read.");
        var hashes = new UInt128[batch.Count];
        for (var entry = 0; entry < hashes.Length; entry++)
        {
            var id = batch.NewId(entry);
            hashes[entry] = id.IsEmpty ? 0 : ids.HashOf(id);
        }

        var held = new Held(this);
        while (TryHold(batch, hashes, ids, held) is { } wait)
        {
            await wait;
        }

        batch.LeaveOutMarked();
        return held;
    }

    /// <summary>Null when the batch's new ids are held; otherwise what to wait for, with nothing held.</summary>
    private Task? TryHold(IngestionBatch batch, UInt128[] hashes, EventIds ids, Held held)
    {
        // Asked outside the gate, it may have to read files. What the feed learns meanwhile is still held until it says so,
        // which is asked next, and asked again of the ids when it is not.
        var known = Array.ConvertAll(hashes, hash => hash == 0 ? null : ids.Find(hash));
        lock (_gate)
        {
            if (_held.Count >= MaxHeld)
            {
                return _room.Task;
            }

            foreach (var hash in hashes)
            {
                if (hash != 0 && _held.TryGetValue(hash, out var other) && !other.Batch.Done.IsCompleted)
                {
                    return other.Batch.Done;
                }
            }

            held.Hashes.Clear();
            var earlier = new Dictionary<UInt128, int>(hashes.Length);
            for (var entry = 0; entry < hashes.Length; entry++)
            {
                var hash = hashes[entry];
                if (hash == 0)
                {
                    continue;
                }

                if ((known[entry] ?? HeldPosition(hash) ?? ids.Find(hash)) is { } first)
                {
                    batch.MarkKnown(entry, first);
                }
                else if (!earlier.TryAdd(hash, entry))
                {
                    batch.MarkRepeated(entry, earlier[hash]);
                }
                else
                {
                    _held[hash] = (held, held.Hashes.Count);
                    held.Hashes.Add(hash);
                }
            }

            return null;
        }
    }

    private RecordPosition? HeldPosition(UInt128 hash) =>
        _held.TryGetValue(hash, out var other) && other.Batch.Positions is { } positions ? positions[other.Record] : null;

    private void Free(Held batch)
    {
        lock (_gate)
        {
            foreach (var hash in batch.Hashes)
            {
                if (_held.TryGetValue(hash, out var found) && found.Batch == batch)
                {
                    _held.Remove(hash);
                }
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Held(EventAdmission admission) : IAdmitted
    {
        private readonly TaskCompletionSource _done = NewSignal();

        public List<UInt128> Hashes { get; } = [];

        /// <summary>Completes when the batch is durable, or will not be.</summary>
        public Task Done => _done.Task;

        public IReadOnlyList<RecordPosition>? Positions { get; private set; }

        public void Written(IReadOnlyList<RecordPosition> positions)
        {
            Positions = positions;
            _done.TrySetResult();
        }

        public void Dispose()
        {
            if (Positions is null)
            {
                admission.Free(this);
                _done.TrySetResult();
            }
        }
    }
}
