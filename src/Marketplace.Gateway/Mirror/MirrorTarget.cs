using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.EventLog.Kafka;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Kafka;

namespace Marketplace.Gateway.Mirror;

/// <summary>Opens both sides of the mirror.</summary>
internal static class MirrorTarget
{
    private const string Folder = "log";

    /// <summary>The log that is copied into.</summary>
    public static async Task<IEventLog> OpenAsync(MirrorSettings settings, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken) =>
        settings.TargetKafka is { } kafka
            ? OpenKafka(kafka, time, logging)
            : await EmbeddedEventLog.OpenAsync(
                new EmbeddedLogOptions { Path = Path.Combine(settings.TargetPath, Folder), Name = "mirror", OnWriterThread = BackgroundLane.Lower }, time, logging.CreateLogger<EmbeddedEventLog>(), cancellationToken);

    /// <summary>A cluster as the mirror's own principal sees it.</summary>
    public static IEventLog OpenKafka(KafkaSettings kafka, TimeProvider time, ILoggerFactory logging) =>
        new KafkaEventLog(kafka.OptionsOf(Principal.Mirror), time, new Random(), new CommittedEnds(), logging.CreateLogger<KafkaEventLog>());
}
