using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Marketplace.EventLog.Kafka.Reading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>Waking a reader that nobody reads from costs nothing that grows.</summary>
public sealed class WakeTests
{
    [Fact]
    public async Task Many_wakes_before_a_read_are_one_and_the_next_wakes_again()
    {
        LibrdkafkaLibrary.EnsureLoaded();
        var logger = NullLogger.Instance;
        var options = new KafkaLogOptions
        {
            Principal = "reader", Client = new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:1" }, ReplicationFactor = 1, MinInSyncReplicas = 1,
        };
        var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = "127.0.0.1:1", GroupId = "woken" })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        var thread = new ConsumerThread(consumer, ReaderOptions.Default, new KafkaFaults("reader", new ClientHealth(options, TimeProvider.System, logger)), TimeProvider.System, logger);
        thread.Start("woken");
        await using var reader = new KafkaReader(thread, ReaderOptions.Default, new OpenClients(), (_, _) => throw new InvalidOperationException("Nothing is read."));
        for (var round = 0; round < 2; round++)
        {
            for (var n = 0; n < 1000; n++)
            {
                reader.Wake();
            }

            var knocks = 0;
            while (thread.Deliveries.TryRead(out _))
            {
                knocks++;
            }

            knocks.ShouldBe(1);
            (await reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
        }
    }
}
