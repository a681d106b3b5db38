using System.Collections.Concurrent;
using Marketplace.EventLog;
using Marketplace.Mirror.Status;
using Marketplace.Mirror.Translation;

namespace Marketplace.Mirror.Groups;

/// <summary>
/// Keeps the positions of the source's consumer groups in step on the target, translated. A position on the target that somebody
/// else has moved is theirs: it is only ever moved forward.
/// </summary>
internal sealed class GroupSync(IEventLog source, IEventLog target, MirrorOptions options)
{
    private readonly OffsetTranslator _translator = new(target, options);

    /// <summary>What was written last for a group's position in the source. A commit that ends writes it beside the next look.</summary>
    private readonly ConcurrentDictionary<(string Group, TopicPartition Partition), (GroupPosition Source, long Target)> _written = new();
    private IReadOnlyList<GroupStatus> _status = [];

    public IReadOnlyList<GroupStatus> Status => Volatile.Read(ref _status);

    /// <summary>The positions that have to be written. One caller at a time.</summary>
    public async Task<IReadOnlyList<GroupMove>> FindMovesAsync(IReadOnlyDictionary<TopicPartition, PartitionMirror> partitions, CancellationToken cancellationToken)
    {
        if (options.IsActiveActive)
        {
            return [];
        }

        var moves = new List<GroupMove>();
        var status = new List<GroupStatus>();
        foreach (var group in (await source.ListGroupsAsync(cancellationToken).ConfigureAwait(false)).Where(IsForeign).Order(StringComparer.Ordinal))
        {
            var positions = await source.GetPositionsAsync(group, cancellationToken).ConfigureAwait(false);
            var there = default(IReadOnlyDictionary<TopicPartition, GroupPosition>);
            var (isMirrored, inStep) = (false, true);
            foreach (var (name, position) in positions)
            {
                if (!partitions.TryGetValue(name, out var partition) || !partition.IsRunning)
                {
                    continue;
                }

                isMirrored = true;
                if (position.Offset > partition.End)
                {
                    // Nothing is there to be read next, on either side.
                    continue;
                }

                if (_written.TryGetValue((group, name), out var last) && last.Source == position)
                {
                    continue;
                }

                if (await _translator.TranslateAsync(partition, position.Offset, cancellationToken).ConfigureAwait(false) is not { } translated)
                {
                    inStep = false;
                    continue;
                }

                there ??= await target.GetPositionsAsync(group, cancellationToken).ConfigureAwait(false);
                var mayMove = !there.TryGetValue(name, out var current) || translated > current.Offset
                    || (_written.ContainsKey((group, name)) && current.Offset == last.Target)
                    || (translated == current.Offset && position.Metadata != current.Metadata);
                if (mayMove)
                {
                    moves.Add(new GroupMove(group, name, position, new GroupPosition(translated, position.Metadata)));
                }
                else
                {
                    _written[(group, name)] = (position, translated);
                }
            }

            if (isMirrored)
            {
                status.Add(new GroupStatus(group, inStep));
            }
        }

        Volatile.Write(ref _status, status);
        return moves;
    }

    /// <summary>The moves are committed.</summary>
    public void Written(IEnumerable<GroupMove> moves)
    {
        foreach (var move in moves)
        {
            _written[(move.Group, move.Partition)] = (move.Source, move.Target.Offset);
        }
    }

    /// <summary>Mirrors' own positions are of no use on another cluster.</summary>
    private bool IsForeign(string group) => group != options.Name && !group.StartsWith("mirror", StringComparison.Ordinal);
}

/// <summary>A group's position to be written on the target.</summary>
internal sealed record GroupMove(string Group, TopicPartition Partition, GroupPosition Source, GroupPosition Target);
