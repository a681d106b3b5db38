using Marketplace.EventLog;
using Marketplace.Mirror.Status;
using Marketplace.Mirror.Topics;
using Microsoft.Extensions.Logging;

namespace Marketplace.Mirror.Copying;

/// <summary>What the parts of one mirror share.</summary>
internal sealed record MirrorContext(
    IEventLog Source, IEventLog Target, MirrorOptions Options, MirrorTable Table, MirrorPlanner Planner, ConflictWatch? Conflicts, MirrorMetrics Metrics, TimeProvider Time, ILogger Logger,
    Func<ICopyObserver>? Observe)
{
    private const int OwnerLength = 12;

    /// <summary>Tells this mirror's positions from those of others of its name.</summary>
    public string Owner { get; } = Guid.NewGuid().ToString("N")[..OwnerLength];

    /// <summary>Unix milliseconds.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
