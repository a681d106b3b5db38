using System.Globalization;
using Marketplace.EventLog;

namespace Marketplace.Mirror.Positions;

/// <summary>
/// How far a partition is mirrored, as committed in the target together with the records. Beside the offset it says which topic
/// that offset is of, so that another topic of the same name is not mistaken for it.
/// </summary>
/// <param name="Offset">The next offset of the source to copy.</param>
/// <param name="TopicId">The source's topic.</param>
/// <param name="At">When this was written, in Unix milliseconds.</param>
/// <param name="From">The source's offset at which this copy began.</param>
/// <param name="Base">The target's offset at which this copy began.</param>
/// <param name="LastOffset">The source's last record that was copied; -1 for none.</param>
/// <param name="LastHash">Its <see cref="Records.RecordHash"/>.</param>
/// <param name="IsPromoted">The target has taken over: nothing is copied any more until somebody says so.</param>
/// <param name="LeftOut">Offsets of the source that were passed over, because somebody wanted the copying to go on behind them.</param>
internal readonly record struct MirrorPosition(long Offset, Guid TopicId, long At, long From, long Base, long LastOffset, ulong LastHash, bool IsPromoted, long LeftOut = 0)
{
    private const string Version = "1";
    private const char Separator = ' ';

    /// <param name="owner">The mirror that writes it.</param>
    public GroupPosition ToGroupPosition(string owner) => new(
        Offset,
        string.Create(CultureInfo.InvariantCulture, $"{Version} {TopicId:N} {At} {From} {Base} {LastOffset} {LastHash:x} {(IsPromoted ? 1 : 0)} {owner} {LeftOut}"));

    /// <summary>The mirror that wrote a position; null where it did not say so.</summary>
    public static string? OwnerOf(GroupPosition position) =>
        position.Metadata?.Split(Separator) is [Version, _, _, _, _, _, _, _, var owner, ..] ? owner : null;

    /// <summary>Null for a position that no mirror wrote.</summary>
    public static MirrorPosition? Parse(GroupPosition position)
    {
        if (position.Metadata?.Split(Separator) is not [Version, var topic, var at, var from, var at0, var last, var hash, var promoted, .. var more]
            || !Guid.TryParseExact(topic, "N", out var id) || !TryParse(at, out var written) || !TryParse(from, out var began) || !TryParse(at0, out var beganInTarget)
            || !TryParse(last, out var lastOffset) || !ulong.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var lastHash))
        {
            return null;
        }

        return new MirrorPosition(position.Offset, id, written, began, beganInTarget, lastOffset, lastHash, promoted == "1", more is [_, var leftOut, ..] && TryParse(leftOut, out var passedOver) ? passedOver : 0);
    }

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
