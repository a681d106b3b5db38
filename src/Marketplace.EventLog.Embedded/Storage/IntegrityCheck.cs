using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>
/// What is checked at every start, in a time that does not grow with the log: the structure of the small tables (of the whole
/// file while that is small), the partitions' offsets, and the first and the latest batches of each partition by checksum.
/// Every other batch is checked by its checksum whenever it is read.
/// </summary>
internal static class IntegrityCheck
{
    /// <summary>Up to this size the whole file's structure is checked, in well under a second.</summary>
    private const long SmallFileBytes = 64 * 1024 * 1024;

    private const int LatestBatches = 4;

    private static readonly string[] SmallTables = ["topics", "partitions", "positions", "writers"];

    /// <summary>Checks the file's structure; to be called before anything is read from it.</summary>
    /// <exception cref="LogFailedException">The file is damaged.</exception>
    public static void CheckStructure(SqliteConnection connection, string file)
    {
        if (connection.QueryInt64("PRAGMA page_count") * connection.QueryInt64("PRAGMA page_size") <= SmallFileBytes)
        {
            Check(connection, "PRAGMA quick_check(1)", file);
            return;
        }

        foreach (var table in SmallTables)
        {
            Check(connection, $"PRAGMA quick_check('{table}')", file);
        }
    }

    /// <summary>Checks that topics, partitions, positions and batches fit each other.</summary>
    /// <exception cref="LogFailedException">They do not; the file is damaged.</exception>
    public static void CheckContents(SqliteConnection connection, string file, IReadOnlyCollection<TopicState> topics)
    {
        if (connection.QueryInt64("SELECT count(*) FROM positions WHERE partition NOT IN (SELECT id FROM partitions)") > 0)
        {
            throw Damaged(file, "there are committed positions of a partition that is not there");
        }

        using var first = connection.Prepare("SELECT id, last, count, crc, data, bytes FROM batches WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3");
        using var latest = connection.Prepare("SELECT id, last, count, crc, data, bytes FROM batches WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT ?3");
        foreach (var topic in topics)
        {
            if (!topic.Partitions.Select(static partition => partition.Name.Partition).SequenceEqual(Enumerable.Range(0, topic.Spec.Partitions)))
            {
                throw Damaged(file, $"topic '{topic.Spec.Name}' has not the {topic.Spec.Partitions} partitions that it should have");
            }

            foreach (var partition in topic.Partitions)
            {
                if (partition.Begin > partition.End)
                {
                    throw Damaged(file, $"{partition.Name} begins at {partition.Begin} and ends at {partition.End}");
                }

                CheckBatches(first.Bind(3, 1), partition, file);
                CheckBatches(latest.Bind(3, LatestBatches), partition, file);
            }
        }
    }

    public static LogFailedException Damaged(string file, string what, Exception? inner = null) =>
        new($"The event log '{file}' is damaged: {what}. Check the disk, and restore the folder from a copy.", inner);

    private static void Check(SqliteConnection connection, string pragma, string file)
    {
        if (connection.QueryText(pragma) is var result and not "ok")
        {
            throw Damaged(file, result);
        }
    }

    private static void CheckBatches(SqliteStatement select, PartitionState partition, string file)
    {
        select.Bind(1, partition.FirstRowId).Bind(2, partition.LastRowId);
        while (select.Step())
        {
            var (row, last) = (select.GetInt64(0), select.GetInt64(1));
            if (last < RowId.OffsetOf(row) || last >= partition.End || Crc32C.Of(row, last, (int)select.GetInt64(2), (int?)select.GetNullableInt64(5), select.GetBlob(4)) != (uint)select.GetInt64(3))
            {
                throw Damaged(file, $"stored records of {partition.Name} are not what was written (offsets {RowId.OffsetOf(row)} to {last})");
            }
        }

        select.Reset();
    }
}
