using Marketplace.EventLog;
using Marketplace.Mirror.Positions;
using Marketplace.Mirror.Translation;

namespace Marketplace.Mirror.Status;

/// <summary>One partition's copy as it stands. Written by the session, read by anybody.</summary>
internal sealed class PartitionMirror(TopicPartition name)
{
    private Snapshot _now = new(MirrorState.Running, null, default);
    private long _end;
    private long _copied;
    private long _lastTimestamp;
    private long _caughtUpAt;

    public TopicPartition Name { get; } = name;

    public bool IsCompacted { get; set; }

    /// <summary>When the plan was made the target held a position of this mirror: what stands there is its own.</summary>
    public bool IsClaimed { get; set; }

    public OffsetAnchors Anchors { get; } = new();

    public MirrorState State => Volatile.Read(ref _now).State;

    public string? Reason => Volatile.Read(ref _now).Reason;

    /// <summary>What is committed.</summary>
    public MirrorPosition Position => Volatile.Read(ref _now).Position;

    public long Copied => Volatile.Read(ref _copied);

    public long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    public bool IsRunning => State == MirrorState.Running;

    public void Run(MirrorPosition position)
    {
        if (Position.TopicId != position.TopicId || Position.Base != position.Base)
        {
            Anchors.Clear();
        }

        Volatile.Write(ref _now, new Snapshot(MirrorState.Running, null, position));
    }

    public void Stop(MirrorState state, string reason) => Volatile.Write(ref _now, new Snapshot(state, reason, Position));

    public void Stop(MirrorState state, string reason, MirrorPosition position) => Volatile.Write(ref _now, new Snapshot(state, reason, position));

    /// <param name="records">Records of this commit.</param>
    /// <param name="timestamp">Of the last of them.</param>
    /// <param name="end">The source's end as it was when they were read.</param>
    public void Advance(MirrorPosition position, int records, long timestamp, long end, long now)
    {
        var state = Volatile.Read(ref _now);
        Volatile.Write(ref _now, state with { Position = position });
        Volatile.Write(ref _copied, _copied + records);
        if (records > 0)
        {
            Volatile.Write(ref _lastTimestamp, timestamp);
        }

        End = Math.Max(End, end);
        Look(End, now);
    }

    /// <summary>The source ends there now.</summary>
    public void Look(long end, long now)
    {
        End = end;
        if (Position.Offset >= end)
        {
            Volatile.Write(ref _caughtUpAt, now);
        }
    }

    public PartitionStatus Describe(long now)
    {
        var (state, reason, position) = Volatile.Read(ref _now);
        var end = End;
        var lag = state is MirrorState.Recreated or MirrorState.Truncated or MirrorState.Missing ? 0 : Math.Max(0, end - position.Offset);

        // What was copied last is older than what is missing; so is the moment at which nothing was missing.
        var since = Math.Max(Volatile.Read(ref _lastTimestamp), Volatile.Read(ref _caughtUpAt));
        return new PartitionStatus(
            Name, state, reason, position.Offset, end, lag, lag == 0 || since == 0 ? 0 : Math.Max(0, now - since) / 1000.0, Copied, position.LeftOut);
    }

    private sealed record Snapshot(MirrorState State, string? Reason, MirrorPosition Position);
}
