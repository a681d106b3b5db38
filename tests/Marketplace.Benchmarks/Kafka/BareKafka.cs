using System.Diagnostics;
using Confluent.Kafka;
using Marketplace.Gateway.Topics;

namespace Marketplace.Benchmarks.Kafka;

/// <summary>The limits: Confluent's client by itself, with the settings that the engine gives its own.</summary>
internal sealed class BareKafka(LocalBroker broker)
{
    private const int Connecting = 1000;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Produces all records and waits for their reports.</summary>
    /// <param name="count">How many; the records are taken in turn.</param>
    public TimeSpan Produce(string topic, int count, (byte[] Key, byte[] Value)[] records)
    {
        using var producer = Producer();
        var (start, failed) = (Stopwatch.GetTimestamp(), 0);
        for (var i = 0; i < count; i++)
        {
            Send(producer, topic, records[i % records.Length], report => failed += report.Error.IsError ? 1 : 0);
        }

        producer.Flush(FlushLimit);
        return failed == 0 ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"{failed} records were not written.");
    }

    /// <summary>Carries <c>shop-products</c> as it is to <c>filtered-products</c>, at least once: positions are committed every second by the client.</summary>
    public TimeSpan Carry(int count)
    {
        using var producer = Producer();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new Dictionary<string, string>(broker.Client)
        {
            ["group.id"] = $"bare-{Guid.NewGuid():N}",
            ["auto.offset.reset"] = "earliest",
            ["auto.commit.interval.ms"] = "1000",
            ["fetch.wait.max.ms"] = "100",
            ["fetch.queue.backoff.ms"] = "5",
        }).Build();
        var (start, failed) = (Stopwatch.GetTimestamp(), 0);
        consumer.Subscribe(TopicNames.ShopProducts);
        for (var carried = 0; carried < count;)
        {
            if (consumer.Consume(PollLimit) is { } record)
            {
                Send(producer, TopicNames.FilteredProducts, (record.Message.Key, record.Message.Value), report => failed += report.Error.IsError ? 1 : 0);
                carried++;
            }
        }

        producer.Flush(FlushLimit);
        var elapsed = Stopwatch.GetElapsedTime(start);
        consumer.Close();
        return failed == 0 ? elapsed : throw new InvalidOperationException($"{failed} records were not written.");
    }

    /// <summary>Milliseconds from a record's handing over to its report, at a rate, once the producer has connected to all there is.</summary>
    public async Task<List<double>> LatenciesAsync(string topic, (byte[] Key, byte[] Value)[] records, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var producer = Producer();
        foreach (var record in records.Take(Connecting))
        {
            Send(producer, topic, record, _ => { });
        }

        producer.Flush(FlushLimit);
        var latencies = new List<double>();
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; Stopwatch.GetElapsedTime(started) < duration;)
        {
            for (var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate); sent < due; sent++)
            {
                var at = Stopwatch.GetTimestamp();
                Send(producer, topic, records[sent % records.Length], _ => latencies.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds));
            }

            await Task.Delay(1, cancellationToken);
        }

        producer.Flush(FlushLimit);
        return latencies;
    }

    private static void Send(IProducer<byte[], byte[]> producer, string topic, (byte[] Key, byte[] Value) record, Action<DeliveryReport<byte[], byte[]>> report)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, new Message<byte[], byte[]> { Key = record.Key, Value = record.Value }, report);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Thread.Sleep(1);
            }
        }
    }

    private IProducer<byte[], byte[]> Producer() => new ProducerBuilder<byte[], byte[]>(new Dictionary<string, string>(broker.Client)
    {
        ["acks"] = "all",
        ["enable.idempotence"] = "true",
        ["partitioner"] = "murmur2_random",
        ["linger.ms"] = "1",
        ["batch.size"] = $"{950 * 1000}",
        ["queue.buffering.max.kbytes"] = $"{64 * 1024}",
        ["queue.buffering.max.messages"] = "1000000",
        ["socket.nagle.disable"] = "true",
    }).Build();
}
