using System.Globalization;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Sink;

/// <summary>
/// What the sink commits with its positions: the file's length that goes with them, and when. Positions and length are
/// one commit, so after a crash the file is cut back to exactly the records that the positions speak of.
/// </summary>
/// <param name="Length">Bytes of the file.</param>
/// <param name="At">Unix milliseconds.</param>
internal readonly record struct SinkPosition(long Length, long At)
{
    private const char Separator = '@';

    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{Length}{Separator}{At}");

    /// <summary>The newest of a group's positions; zero when there is none.</summary>
    public static SinkPosition Latest(IReadOnlyDictionary<TopicPartition, GroupPosition> positions) =>
        positions.Values.Select(p => Parse(p.Metadata)).OrderBy(p => p.Length).LastOrDefault();

    private static SinkPosition Parse(string? metadata)
    {
        var parts = metadata?.Split(Separator);
        return parts is [var length, var at]
            ? new SinkPosition(long.Parse(length, CultureInfo.InvariantCulture), long.Parse(at, CultureInfo.InvariantCulture))
            : default;
    }
}
