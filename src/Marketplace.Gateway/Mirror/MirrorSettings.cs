using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Kafka;
using Marketplace.Gateway.Topics;
using Marketplace.Mirror;

namespace Marketplace.Gateway.Mirror;

/// <summary>The section <c>Mirror</c>: what is copied where.</summary>
public sealed record MirrorSettings
{
    private const string Folder = "mirror";

    /// <summary>Of what comes from outside each cluster makes the rest for itself, where both take it.</summary>
    private static readonly string[] FromOutside = [TopicNames.ShopProducts, TopicNames.BannedProducts, TopicNames.ClientEvents, TopicNames.ClientQueries];

    public required MirrorOptions Options { get; init; }

    /// <summary>The folder of an embedded target; like <c>Data:Path</c>, so that a gateway can be started on it.</summary>
    public required string TargetPath { get; init; }

    /// <summary>The target's cluster; null: the target is embedded.</summary>
    public KafkaSettings? TargetKafka { get; init; }

    /// <param name="isKafka">The gateway's own log is on Kafka, and its mirror's target so unless said otherwise.</param>
    /// <exception cref="StartRefusedException">Something is missing or impossible; the message names it and says what would be right.</exception>
    public static MirrorSettings Read(IConfigurationSection section, string dataPath, bool isKafka)
    {
        var target = section.GetSection("Target");
        var isActiveActive = section.GetValue("ActiveActive", false);
        var topics = section.GetSection("Topics");
        var patterns = (topics.Value?.Split(',') ?? []).Concat(topics.GetChildren().Select(topic => topic.Value!)).ToArray();
        var options = new MirrorOptions
        {
            Source = section["Source:Name"] ?? "cluster1",
            Target = target["Name"] ?? "cluster2",
            IsActiveActive = isActiveActive,
            // A partition's progress is replaced and never deleted.
            WithoutTombstones = [TopicNames.FilterProgress],
            Topics = new TopicPatterns(patterns.Length > 0 ? patterns : isActiveActive ? FromOutside : TopicCatalog.For(1).Select(topic => topic.Name)),
            MaxBytesPerSecond = section.GetValue<long?>("MaxBytesPerSecond", null),
        };
        if (options.Source == options.Target)
        {
            throw new StartRefusedException($"The settings '{section.Path}:Source:Name' and '{section.Path}:Target:Name' are both '{options.Source}': two clusters have to have two names.");
        }

        var onKafka = target["Provider"] is { } provider ? provider.Equals("Kafka", StringComparison.OrdinalIgnoreCase) : isKafka;
        if (!onKafka && section["Compression"] is { } compression && compression != "none")
        {
            throw new StartRefusedException($"The setting '{section.Path}:Compression' is '{compression}', which is not possible: the embedded log compresses by itself, so it has to be left out.");
        }

        var path = target["Path"] ?? Path.Combine(dataPath, Folder);
        if (!onKafka && Path.GetFullPath(path) == Path.GetFullPath(dataPath))
        {
            throw new StartRefusedException($"The settings '{section.Path}:Target:Path' and 'Data:Path' are both '{path}': the copy has to be in another folder.");
        }

        return new MirrorSettings
        {
            Options = onKafka ? options with { WatchInterval = TimeSpan.FromSeconds(2), CommitBytes = MirrorOptions.CommitBytesOnCluster } : options,
            TargetPath = path,
            TargetKafka = onKafka ? KafkaSettings.Read(target.GetSection("Kafka"), [Principal.Mirror]).WithClient("compression.type", section["Compression"]) : null,
        };
    }

    /// <summary>What a gateway that serves from the target has set otherwise than this one, each as <c>name=value</c>.</summary>
    public IEnumerable<string> ToSwitch()
    {
        if (TargetKafka is { } kafka)
        {
            yield return "EventLog:Provider=Kafka";
            foreach (var setting in kafka.ToReach("Kafka"))
            {
                yield return setting;
            }

            // The target that is named is the gateway's own log then, and would be mirrored into itself.
            yield return "Mirror:Enabled=false";
        }
        else
        {
            yield return "EventLog:Provider=Embedded";
            yield return $"Data:Path={TargetPath}";

            // A path that is set is the gateway's own folder then; the next copy is made where it is when none is set.
            yield return $"Mirror:Target:Path={Path.Combine(TargetPath, Folder)}";
        }

        yield return $"Mirror:Source:Name={Options.Target}";
        yield return $"Mirror:Target:Name={Options.Source}";
    }
}
