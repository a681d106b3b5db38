namespace Marketplace.EventLog.Contract.Modelling;

/// <summary>A record as the model holds it; values are told apart by a number in them.</summary>
internal sealed record ModelRecord(long Offset, long Timestamp, string? Key, string? Value, string Headers)
{
    /// <summary>When it was appended by the log's clock, whatever its timestamp says.</summary>
    public long AppendedAt { get; init; }
}

/// <summary>A partition as a list, and what maintenance may and must do to it.</summary>
internal sealed class PartitionModel(TopicSpec spec)
{
    public List<ModelRecord> Records { get; } = [];

    public IEnumerable<ModelRecord> From(long offset) => Records.Where(record => record.Offset >= offset);

    /// <summary>Takes what the log has left after maintenance, if maintenance may have left just that.</summary>
    /// <param name="due">True where nothing that is due may have stayed.</param>
    public void Maintained(IReadOnlyList<ModelRecord> left, long begin, long now, bool due)
    {
        var known = Records.ToDictionary(record => record.Offset);
        foreach (var record in left)
        {
            known.TryGetValue(record.Offset, out var before).ShouldBeTrue($"a record appeared at {record.Offset}");
            (record with { AppendedAt = before!.AppendedAt }).ShouldBe(before);
        }

        var offsets = left.Select(record => record.Offset).ToHashSet();
        var removed = Records.Where(record => !offsets.Contains(record.Offset)).ToList();
        if (spec.RetentionTime is { } time)
        {
            foreach (var record in removed)
            {
                record.Offset.ShouldBeLessThan(begin);
                (now - record.Timestamp).ShouldBeGreaterThan((long)time.TotalMilliseconds, $"too young to go: {record}");
            }
        }
        else if (spec.Compaction is { } compaction)
        {
            CheckCompaction(removed, compaction, now);
        }
        else
        {
            removed.ShouldBeEmpty();
        }

        Records.RemoveAll(record => !offsets.Contains(record.Offset));
        if (due && spec.Compaction is { } policy)
        {
            CheckNothingStayed(policy, now);
        }
    }

    private void CheckCompaction(List<ModelRecord> removed, Compaction compaction, long now)
    {
        foreach (var record in removed)
        {
            (now - record.Timestamp).ShouldBeGreaterThanOrEqualTo((long)compaction.Lag.TotalMilliseconds, $"too young to go: {record}");
            var superseded = Records.Exists(later => later.Key == record.Key && later.Offset > record.Offset);
            var expired = record.Value is null && now - record.AppendedAt >= (long)compaction.TombstoneRetention.TotalMilliseconds;
            (superseded || expired).ShouldBeTrue($"the latest record of its key has gone: {record}");
        }
    }

    /// <summary>No two records of a key stay that are old enough, and were appended together with nothing younger.</summary>
    private void CheckNothingStayed(Compaction compaction, long now)
    {
        foreach (var key in Records.Where(record => now - record.AppendedAt >= (long)compaction.Lag.TotalMilliseconds).GroupBy(record => record.Key))
        {
            key.Count().ShouldBe(1, $"superseded records of {key.Key} stayed");
        }
    }
}
