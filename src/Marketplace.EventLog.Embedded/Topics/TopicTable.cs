using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;

namespace Marketplace.EventLog.Embedded.Topics;

/// <summary>Topics and their partitions as the database holds them.</summary>
internal static class TopicTable
{
    /// <summary>Bounded by what one SQLite blob can hold, with room to spare.</summary>
    private const int LargestMessageBytes = 256 * 1024 * 1024;

    public static List<TopicState> Load(SqliteConnection connection)
    {
        var topics = new List<TopicState>();
        using var select = connection.Prepare(
            "SELECT id, uuid, name, partitions, max_message_bytes, compaction_lag_ms, tombstone_retention_ms, retention_ms, retention_bytes FROM topics ORDER BY id");
        while (select.Step())
        {
            var id = (int)select.GetInt64(0);
            var spec = new TopicSpec(select.GetText(2), (int)select.GetInt64(3))
            {
                MaxMessageBytes = (int)select.GetInt64(4),
                Compaction = select.IsNull(5) ? null : new Compaction(Milliseconds(select.GetInt64(5)), Milliseconds(select.GetInt64(6))),
                RetentionTime = select.GetNullableInt64(7) is { } retention ? Milliseconds(retention) : null,
                RetentionBytes = select.GetNullableInt64(8),
            };
            topics.Add(new TopicState(id, new TopicDescription(new Guid(select.GetBlob(1)), spec), LoadPartitions(connection, id, spec)));
        }

        return topics;
    }

    /// <summary>Makes the topics that are missing and updates those whose harmless settings differ.</summary>
    /// <exception cref="TopicMismatchException">Partition count or cleanup differ.</exception>
    public static List<TopicState> Ensure(SqliteConnection connection, TopicRegistry registry, IReadOnlyCollection<TopicSpec> specs, TimeProvider time)
    {
        if (specs.GroupBy(spec => spec.Name, StringComparer.Ordinal).FirstOrDefault(named => named.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Topic '{twice.Key}' is asked for twice.", nameof(specs));
        }

        foreach (var spec in specs)
        {
            CheckAgainst(registry.Find(spec.Name)?.Spec, spec);
        }

        var added = new List<TopicState>();
        foreach (var spec in specs)
        {
            if (registry.Find(spec.Name) is not { } existing)
            {
                added.Add(Insert(connection, spec, Guid.CreateVersion7(time.GetUtcNow())));
            }
            else if (existing.Spec != spec)
            {
                Update(connection, existing.Id, spec);
            }
        }

        return added;
    }

    /// <summary>Makes the partitions that a topic lacks.</summary>
    /// <exception cref="TopicMismatchException">It has more.</exception>
    public static List<PartitionState> AddPartitions(SqliteConnection connection, TopicState topic, int partitions)
    {
        var found = topic.Partitions.Length;
        if (found > partitions)
        {
            throw new TopicMismatchException(topic.Spec.Name, "the number of partitions", $"{found}", $"{partitions}");
        }

        using var update = connection.Prepare("UPDATE topics SET partitions = ?1 WHERE id = ?2");
        update.Bind(1, partitions).Bind(2, topic.Id).Run();
        return InsertPartitions(connection, topic.Id, topic.Spec.Name, found, partitions);
    }

    private static void CheckAgainst(TopicSpec? found, TopicSpec wanted)
    {
        if (wanted.MaxMessageBytes is <= 0 or > LargestMessageBytes)
        {
            throw new ArgumentException($"Topic '{wanted.Name}': the largest message can be 1 to {LargestMessageBytes} bytes, not {wanted.MaxMessageBytes}.", nameof(wanted));
        }

        if (found is null)
        {
            return;
        }

        if (found.Partitions != wanted.Partitions)
        {
            throw new TopicMismatchException(wanted.Name, "the number of partitions", $"{found.Partitions}", $"{wanted.Partitions}");
        }

        if (found.Compaction is null != wanted.Compaction is null)
        {
            throw new TopicMismatchException(wanted.Name, "cleanup", Cleanup(found), Cleanup(wanted));
        }

        static string Cleanup(TopicSpec spec) => spec.Compaction is null ? "delete" : "compact";
    }

    private static TopicState Insert(SqliteConnection connection, TopicSpec spec, Guid uuid)
    {
        using var insert = connection.Prepare(
            """
            INSERT INTO topics (max_message_bytes, compaction_lag_ms, tombstone_retention_ms, retention_ms, retention_bytes, uuid, name, partitions)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id
            """);
        BindSettings(insert, spec).Bind(6, uuid.ToByteArray()).Bind(7, spec.Name).Bind(8, spec.Partitions);
        insert.Step();
        var id = (int)insert.GetInt64(0);
        return new TopicState(id, new TopicDescription(uuid, spec), [.. InsertPartitions(connection, id, spec.Name, 0, spec.Partitions)]);
    }

    private static List<PartitionState> InsertPartitions(SqliteConnection connection, int topic, string name, int from, int to)
    {
        using var insert = connection.Prepare(
            "INSERT INTO partitions (topic, number, begin_offset, next_offset, cleaned_offset, cleaned_bytes) VALUES (?1, ?2, 0, 0, 0, 0) RETURNING id");
        var partitions = new List<PartitionState>(to - from);
        for (var number = from; number < to; number++)
        {
            insert.Bind(1, topic).Bind(2, number).Step();
            partitions.Add(new PartitionState((int)insert.GetInt64(0), new TopicPartition(name, number), 0, 0));
            insert.Reset();
        }

        return partitions;
    }

    private static void Update(SqliteConnection connection, int id, TopicSpec spec)
    {
        using var update = connection.Prepare(
            """
            UPDATE topics SET max_message_bytes = ?1, compaction_lag_ms = ?2, tombstone_retention_ms = ?3, retention_ms = ?4, retention_bytes = ?5
            WHERE id = ?6
            """);
        BindSettings(update, spec).Bind(6, id).Run();
    }

    private static SqliteStatement BindSettings(SqliteStatement statement, TopicSpec spec) => statement
        .Bind(1, spec.MaxMessageBytes)
        .Bind(2, Milliseconds(spec.Compaction?.Lag))
        .Bind(3, Milliseconds(spec.Compaction?.TombstoneRetention))
        .Bind(4, Milliseconds(spec.RetentionTime))
        .Bind(5, spec.RetentionBytes);

    private static PartitionState[] LoadPartitions(SqliteConnection connection, int topicId, TopicSpec spec)
    {
        // The persisted next offset stands for records that were removed from the end; otherwise the last batch tells.
        using var select = connection.Prepare("SELECT id, number, begin_offset, next_offset FROM partitions WHERE topic = ?1 ORDER BY number");
        using var last = connection.Prepare("SELECT last FROM batches WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        var partitions = new List<PartitionState>(spec.Partitions);
        select.Bind(1, topicId);
        while (select.Step())
        {
            var id = (int)select.GetInt64(0);
            last.Bind(1, RowId.Of(id, 0)).Bind(2, RowId.Of(id, RowId.MaxOffset));
            var next = last.Step() ? Math.Max(select.GetInt64(3), last.GetInt64(0) + 1) : select.GetInt64(3);
            last.Reset();
            partitions.Add(new PartitionState(id, new TopicPartition(spec.Name, (int)select.GetInt64(1)), select.GetInt64(2), next));
        }

        return [.. partitions];
    }

    private static long? Milliseconds(TimeSpan? span) => span is { } value ? (long)value.TotalMilliseconds : null;

    private static TimeSpan Milliseconds(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
