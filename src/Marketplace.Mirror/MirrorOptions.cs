namespace Marketplace.Mirror;

/// <summary>What is copied where, and how fast.</summary>
public sealed record MirrorOptions
{
    private readonly string _source = "cluster1";
    private readonly string _target = "cluster2";

    /// <summary>The mirror's own name on the target: its writer and the group of its positions. Of two mirrors of one name the later fences the earlier.</summary>
    public string Name { get; init; } = "mirror";

    /// <summary>What the source is called in <c>mirror-source</c>; no two clusters may have one name.</summary>
    public string Source
    {
        get => _source;
        init => _source = Named(value);
    }

    public string Target
    {
        get => _target;
        init => _target = Named(value);
    }

    public TopicPatterns Topics { get; init; } = TopicPatterns.All;

    /// <summary>
    /// Both clusters take records and mirror each other: the target's own records are no surprise, and groups' positions are not
    /// translated, since each side has an order of its own.
    /// </summary>
    public bool IsActiveActive { get; init; }

    /// <summary>Bytes of keys, values and headers a second; null: as fast as both sides go.</summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>A commit is not filled beyond this; with one under way and one being filled it bounds the memory.</summary>
    public long CommitBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The same for a target on a cluster: a commit is several round trips there, so there are fewer and larger ones.</summary>
    public const long CommitBytesOnCluster = 64 * 1024 * 1024;

    /// <summary>How long records gather when there are few.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the source is looked at for new topics, partitions, settings, groups' positions, and for what went wrong there.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of a compacted topic, tombstones may be gone after this: a mirror that slept longer would keep what was deleted.</summary>
    public TimeSpan MaxPositionAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Compacted topics in which nothing is ever deleted: however soon they let go of tombstones, a position in them is too old only
    /// after <see cref="MaxPositionAge"/>.
    /// </summary>
    public IReadOnlyCollection<string> WithoutTombstones { get; init; } = [];

    /// <summary>A position whose partition is idle is written again after this, so that it does not seem old.</summary>
    public TimeSpan PositionRefresh { get; init; } = TimeSpan.FromHours(1);

    public static bool IsClusterName(string? name) =>
        name is { Length: > 0 and <= 64 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string Named(string name) => IsClusterName(name)
        ? name
        : throw new ArgumentException($"'{name}' is no name of a cluster: 1–64 of ASCII letters, digits, '.', '_' and '-'.", nameof(name));
}
