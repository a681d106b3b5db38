using System.Text;
using Marketplace.EventLog;
using Marketplace.Mirror.Records;
using Marketplace.Mirror.Status;

namespace Marketplace.Mirror.Translation;

/// <summary>
/// Finds for a position in the source the position in the target that reads the same next record. Each copy names the offset it
/// was copied from, and within a partition these grow, so the target's records are their own index: a search between two bounds
/// that halves them, beginning near where the latest commits say it is. Exact for every offset, whatever gaps there are on either side.
/// </summary>
internal sealed class OffsetTranslator(IEventLog target, MirrorOptions options)
{
    /// <summary>One look reads so many bytes of records; more than one, so that the last steps of a search are one look.</summary>
    private const int LookBytes = 16 * 1024;

    private static readonly ReaderOptions Reading = new() { MaxBatchBytes = LookBytes, ResetToBegin = true };
    private readonly byte[] _source = Encoding.UTF8.GetBytes(options.Source);

    /// <returns>The target's position; null while the source is not copied up to <paramref name="offset"/> yet.</returns>
    public async ValueTask<long?> TranslateAsync(PartitionMirror partition, long offset, CancellationToken cancellationToken)
    {
        // The position before the end: all that is copied up to it stands before that end.
        var position = partition.Position;
        if (offset > position.Offset)
        {
            return null;
        }

        var range = await target.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false);
        var (low, high) = (Math.Max(position.Base, range.Begin), range.End);
        if (low >= high)
        {
            return high;
        }

        var (below, above) = partition.Anchors.Around(offset);
        if (above is { } pair && pair.Source == offset)
        {
            return pair.Target;
        }

        low = below is { } before ? Math.Max(low, before.Target + 1) : low;
        high = above is { } after ? Math.Min(high, after.Target) : high;
        if (low >= high)
        {
            return high;
        }

        var guess = below is { } near ? near.Target + (offset - near.Source) : low + ((high - low) / 2);
        return await SearchAsync(partition.Name, offset, low, high, Math.Clamp(guess, low, high - 1), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// All copies before <paramref name="low"/> are of earlier offsets; <paramref name="high"/> is a copy that is not, or the end.
    /// </summary>
    private async ValueTask<long> SearchAsync(TopicPartition partition, long offset, long low, long high, long look, CancellationToken cancellationToken)
    {
        var best = high;
        await using var reader = await target.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = look }, Reading, cancellationToken).ConfigureAwait(false);
        while (low < high)
        {
            reader.Seek(partition, look);
            var (found, earlier, next) = await LookAsync(reader, look, high, offset, cancellationToken).ConfigureAwait(false);
            if (found is { } copy)
            {
                if (earlier)
                {
                    return copy;
                }

                (best, high) = (copy, look);
            }
            else if (earlier)
            {
                low = next;
            }
            else
            {
                high = look;
            }

            look = low + ((high - low) / 2);
        }

        return best;
    }

    /// <summary>Reads from <paramref name="look"/> until there is a copy, or <paramref name="high"/>.</summary>
    /// <returns>
    /// The first copy read that is of <paramref name="offset"/> or a later one, or null; whether a copy of an earlier offset stands
    /// before it; and where to go on.
    /// </returns>
    private async ValueTask<(long? Copy, bool Earlier, long Next)> LookAsync(ILogReader reader, long look, long high, long offset, CancellationToken cancellationToken)
    {
        var earlier = false;
        while (look < high)
        {
            using var batch = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody wakes this reader.");
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Offset >= high)
                {
                    break;
                }

                if (MirrorHeader.TryRead(record.Headers, _source, out _, out var source))
                {
                    if (source >= offset)
                    {
                        return (record.Offset, earlier, record.Offset);
                    }

                    earlier = true;
                }
            }

            look = batch.NextOffset;
            if (earlier)
            {
                break;
            }
        }

        return (null, earlier, Math.Min(look, high));
    }
}
