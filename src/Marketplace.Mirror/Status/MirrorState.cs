namespace Marketplace.Mirror;

/// <summary>How a partition's copying stands. All but <see cref="Running"/> are stopped until somebody decides (<c>mirror resume</c>) or the cause is gone.</summary>
public enum MirrorState
{
    Running,

    /// <summary>The source's topic was deleted and made anew: its offsets are of other records.</summary>
    Recreated,

    /// <summary>The source ends before what was copied, or holds another record there: it was cut back, or restored from a backup.</summary>
    Truncated,

    /// <summary>Retention took records of the source that were never copied.</summary>
    Expired,

    /// <summary>The position is so old that tombstones may be gone.</summary>
    Stale,

    /// <summary>The target's partition held records before the first was copied.</summary>
    Foreign,

    /// <summary>The source has no such topic or partition any more.</summary>
    Missing,

    /// <summary>The target does not take the topic's settings, or a record.</summary>
    Refused,

    /// <summary>The target has taken over.</summary>
    Promoted,
}

/// <summary>How the mirror as a whole stands.</summary>
public enum MirrorPhase
{
    /// <summary>It has not looked at both sides yet.</summary>
    Starting,
    Running,

    /// <summary>A side cannot be reached; it tries again.</summary>
    Waiting,

    /// <summary>Another mirror of this name has taken over.</summary>
    Fenced,

    /// <summary>The target has taken over.</summary>
    Promoted,

    /// <summary>It cannot go on.</summary>
    Failed,

    /// <summary>It was told to stop.</summary>
    Stopped,
}
