using Marketplace.EventLog;
using Marketplace.EventLog.Kafka;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Hosting.Kafka;

/// <summary>Connects to the cluster, checks its topics, and asks where those of the read models end.</summary>
internal static class KafkaSetup
{
    /// <summary>A cluster that is just starting gets this long before the start is given up.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="StartRefusedException">The cluster cannot be used as it is; the message says why.</exception>
    public static async Task<(IEventLog Log, ModelPositions Ends)> OpenAsync(GatewaySettings settings, KafkaSettings kafka, TimeProvider time, ILogger<KafkaEventLog> logger)
    {
        var committed = new CommittedEnds();
        var log = new PrincipalEventLog(Principal.NeededBy(settings).ToDictionary(
            principal => principal, principal => new KafkaEventLog(kafka.OptionsOf(principal), time, new Random(), committed, logger)));
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await log.EnsureTopicsAsync(TopicCatalog.For(settings.Partitions, settings.ClientRetention), CancellationToken.None);
                return (log, await ModelPositions.EndsOfAsync(log, CancellationToken.None));
            }
            catch (EventLogException e) when ((e is LogUnavailableException unavailable ? unavailable.RetryAfter <= Pause : e is UnknownTopicException) && time.GetElapsedTime(started) < StartLimit)
            {
                await Task.Delay(Pause, time);
            }
            catch (EventLogException e)
            {
                await log.DisposeAsync();
                throw kafka.Refusal(e);
            }
        }
    }
}
