using System.Globalization;
using System.Text;
using Marketplace.Recommendations.Behaviour;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations;

public sealed partial class RecommendationModel
{
    private const ulong Magic = 0x32504e534345524d; // "MRECSNP2"
    private const int MaxPositionBytes = 16 * 1024 * 1024;

    /// <summary>
    /// For the writer: writes the whole state. With what comes after the position applied to it, a loaded model equals one that was
    /// never interrupted. Readers go on meanwhile.
    /// </summary>
    /// <param name="position">Up to where in the log the state reaches, in the caller's own form.</param>
    public void Save(Stream stream, ReadOnlySpan<byte> position)
    {
        var writer = new SnapshotWriter(stream);
        writer.Write(Magic);
        var settings = Settings(_options);
        writer.WriteArray<byte>(settings);
        writer.WriteArray(position);
        _catalog.Save(writer);
        _content.Save(writer);
        _popularity.Save(writer);
        _clients.Save(writer);
        _buying.Transitions.Save(writer);
        _browsing.Transitions.Save(writer);
        writer.Complete();
    }

    /// <summary>A model as it was saved, to go on from the position.</summary>
    /// <exception cref="InvalidDataException">
    /// The snapshot is damaged, cut short, of another form, or was learnt with other settings: build the model anew from the log.
    /// </exception>
    public static RecommendationModel Load(Stream stream, RecommendationOptions? options, out byte[] position)
    {
        var model = new RecommendationModel(options);
        var reader = new SnapshotReader(stream);
        if (reader.Read<ulong>() != Magic)
        {
            throw new InvalidDataException("This is no snapshot of recommendations, or one of another version.");
        }

        var expected = Settings(model._options);
        var settings = new byte[reader.ReadCount(MaxPositionBytes)];
        reader.Read(settings.AsSpan());
        if (!settings.AsSpan().SequenceEqual(expected))
        {
            throw new InvalidDataException($"The snapshot was learnt with other settings: {Encoding.UTF8.GetString(settings)} instead of {Encoding.UTF8.GetString(expected)}.");
        }

        position = new byte[reader.ReadCount(MaxPositionBytes)];
        reader.Read(position.AsSpan());
        model._catalog.Load(reader);
        model._content.Load(reader);
        model._popularity.Load(reader);
        model._clients.Load(reader);
        model._buying.Transitions.Load(reader);
        model._browsing.Transitions.Load(reader);
        reader.Complete();
        return model;
    }

    /// <summary>For the writer: gives back the memory of clients whose histories are over, where it is worth it. Changes no answer.</summary>
    /// <param name="received">By the log's clock: no event that is still to be applied came before this.</param>
    /// <remarks>In whole seconds, as events are seen, or one of the same second would find a history over that it goes on with.</remarks>
    public void ForgetHistoriesOver(DateTimeOffset received) => Volatile.Write(ref _clients, _clients.WithoutThoseOver(Seconds(received.ToUnixTimeMilliseconds())));

    /// <summary>The settings that decide what is learnt; those of ranking may differ between saving and loading.</summary>
    private static byte[] Settings(RecommendationOptions options) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"buying ({Learning(options.Buying)}) browsing ({Learning(options.Browsing)}) popularity ({Weights(options.Popularity)}) liked {options.LikedFrom} disliked {options.DislikedUpTo} retention {options.UserRetention.Ticks} {options.SessionRetention.Ticks}"));

    private static string Learning(BehaviourProfile profile) => string.Create(
        CultureInfo.InvariantCulture,
        $"p {profile.DistancePower} back {profile.Back} window {profile.Window} history {profile.HistoryLength} neighbours {profile.Neighbours} gap {profile.VisitGap.Ticks} weights {Weights(profile.Weights)}");

    private static string Weights(KindWeights weights) => string.Create(
        CultureInfo.InvariantCulture,
        $"{weights.View}/{weights.AddToCart}/{weights.Purchase}/{weights.Liked}");
}
