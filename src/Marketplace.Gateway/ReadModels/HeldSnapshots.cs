using Marketplace.Search;

namespace Marketplace.Gateway.ReadModels;

/// <summary>
/// Holds the snapshots that answered searches with more products than they showed, so that the next page comes from the same one: each for a
/// while after its last use, and the least recently used goes when there are too many. What the index has merged away stays in memory as
/// long as a snapshot with it is held, which is why both are bounded. Looking one up takes no lock.
/// </summary>
internal sealed class HeldSnapshots : IDisposable
{
    private readonly PagingOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly uint _index = SnapshotToken.NewIndex();

    /// <summary>Replaced whole; in the order in which they were first held.</summary>
    private volatile Held[] _held = [];

    public HeldSnapshots(PagingOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _timer = time.CreateTimer(static held => ((HeldSnapshots)held!).LetGo(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _held.Length;

    public SnapshotToken TokenOf(SearchSnapshot snapshot) => new(_index, snapshot.Generation);

    /// <summary>The snapshot that a token names while it is held, otherwise the newest.</summary>
    public SearchSnapshot Find(SnapshotToken? token, SearchSnapshot newest)
    {
        if (token is { } asked && asked.Index == _index && Find(asked.Generation) is { } held && Rest(held) > TimeSpan.Zero)
        {
            held.UsedAt = _time.GetTimestamp();
            return held.Snapshot;
        }

        return newest;
    }

    /// <summary>Holds a snapshot from now on, or goes on doing so.</summary>
    public void Hold(SearchSnapshot snapshot)
    {
        var now = _time.GetTimestamp();
        if (Find(snapshot.Generation) is { } known)
        {
            known.UsedAt = now;
            return;
        }

        if (_options.MaxHeld == 0 || _options.HoldFor == TimeSpan.Zero)
        {
            return;
        }

        lock (_lock)
        {
            if (Find(snapshot.Generation) is null)
            {
                var kept = _held;
                if (kept.Length == _options.MaxHeld)
                {
                    var leastRecent = kept.MinBy(held => held.UsedAt);
                    kept = [.. kept.Where(held => held != leastRecent)];
                }

                _held = [.. kept, new Held(snapshot) { UsedAt = now }];
                LetGo();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Lets go of what nobody has used for long enough, also when nobody searches any more.</summary>
    private void LetGo()
    {
        lock (_lock)
        {
            Held[] kept = [.. _held.Where(held => Rest(held) > TimeSpan.Zero)];
            if (kept.Length < _held.Length)
            {
                _held = kept;
            }

            // Timers go by whole milliseconds: not one too early.
            var next = kept.Length == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(kept.Min(Rest).TotalMilliseconds)));
            _timer.Change(next, Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Rest(Held held) => _options.HoldFor - _time.GetElapsedTime(held.UsedAt);

    private Held? Find(long generation)
    {
        // The newest is the one that most searches ask for.
        var held = _held;
        for (var i = held.Length - 1; i >= 0; i--)
        {
            if (held[i].Snapshot.Generation == generation)
            {
                return held[i];
            }
        }

        return null;
    }

    private sealed class Held(SearchSnapshot snapshot)
    {
        private long _usedAt;

        public SearchSnapshot Snapshot { get; } = snapshot;

        public long UsedAt
        {
            get => Volatile.Read(ref _usedAt);
            set => Volatile.Write(ref _usedAt, value);
        }
    }
}
