using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>A consumer that many ask at once is replaced while others are still inside it. Its memory has to be theirs until they are out: the process ends with it otherwise.</summary>
public sealed class AskingConsumerTests
{
    private const int Askers = 8;
    private const int Questions = 40;
    private const string Nowhere = "127.0.0.1:1";

    [Fact]
    public async Task A_question_that_fails_takes_nothing_away_from_those_that_are_asked_beside_it()
    {
        LibrdkafkaLibrary.EnsureLoaded();
        using var asking = new AskingConsumer(() => new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Nowhere, GroupId = "asking" })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build());
        var failed = await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Factory.StartNew(
            () =>
            {
                var failures = 0;
                for (var n = 0; n < Questions; n++)
                {
                    try
                    {
                        // Each waits for another time, so that one has failed while the next is in the middle of its call.
                        var patience = TimeSpan.FromMilliseconds(1 + (((asker * 7) + n) % 12));
                        asking.Ask(consumer => consumer.QueryWatermarkOffsets(new Confluent.Kafka.TopicPartition("topic", 0), patience));
                    }
                    catch (KafkaException)
                    {
                        failures++;
                    }
                }

                return failures;
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        failed.ShouldAllBe(failures => failures == Questions);
    }
}
