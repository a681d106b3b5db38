using System.Globalization;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Native;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>Makes the clients of one principal, each with the settings that the engine's guarantees rest on.</summary>
internal sealed class KafkaClients(KafkaLogOptions options, ClientHealth health, ILogger logger)
{
    private const string RetryBackoff = "retry.backoff.ms";

    /// <summary>Above every topic's limit, which the engine and the brokers check themselves.</summary>
    private const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>What a producer holds in memory while it cannot send.</summary>
    private const int QueueKibibytes = 64 * 1024;

    /// <summary>What a consumer fetches ahead of its reader.</summary>
    private const int PrefetchKibibytes = 16 * 1024;

    /// <summary>A reader that wants single records fetches little.</summary>
    private const int SmallBatchBytes = 64 * 1024;

    public IAdminClient Admin() => Build(() => new AdminClientBuilder(Config())
        .SetErrorHandler((_, error) => health.Report(error)).SetLogHandler((_, line) => Write(line)).Build());

    /// <summary>An idempotent producer.</summary>
    public IProducer<byte[]?, byte[]?> Producer(int batchBytes, Action<Error> fatal)
    {
        var config = ProducerConfig(batchBytes);
        config["message.timeout.ms"] = Milliseconds(options.DeliveryTimeout);
        return Build(() => new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) =>
            {
                health.Report(error);
                if (error.IsFatal)
                {
                    fatal(error);
                }
            })
            .SetLogHandler((_, line) => Write(line)).Build());
    }

    public NativeProducer TransactionalProducer(string transactionalId, int batchBytes)
    {
        var config = ProducerConfig(batchBytes);
        config["transactional.id"] = transactionalId;

        // The next transaction is refused while the markers of the one before are being written, which takes a few milliseconds.
        config[RetryBackoff] = options.Client.GetValueOrDefault(RetryBackoff) ?? "2";
        config["transaction.timeout.ms"] = Milliseconds(options.TransactionTimeout);
        config["message.timeout.ms"] = Milliseconds(options.DeliveryTimeout < options.TransactionTimeout ? options.DeliveryTimeout : options.TransactionTimeout);
        return Build(() => new NativeProducer(config, health.Report, Write));
    }

    private Dictionary<string, string> ProducerConfig(int batchBytes)
    {
        var config = Config(
            ("acks", "all"),
            ("enable.idempotence", "true"),
            ("partitioner", "murmur2_random"),
            ("message.max.bytes", Text(MaxMessageBytes)),
            ("allow.auto.create.topics", "false"));
        Default(config, ("linger.ms", "1"), ("batch.size", Text(batchBytes)), ("queue.buffering.max.kbytes", Text(QueueKibibytes)), ("queue.buffering.max.messages", "1000000"));
        return config;
    }

    /// <summary>A consumer that is assigned by hand.</summary>
    public IConsumer<Ignore, Ignore> Reader(ReaderOptions reader) => Consumer(ReaderConfig($"readers-{options.Principal}", reader)).Build();

    /// <summary>A consumer that is told also what is not committed yet.</summary>
    public IConsumer<Ignore, Ignore> ReaderOfUncommitted()
    {
        var config = ReaderConfig($"readers-{options.Principal}", ReaderOptions.Default);
        config["isolation.level"] = "read_uncommitted";
        return Consumer(config).Build();
    }

    /// <summary>A consumer that the group's coordinator assigns.</summary>
    public ConsumerBuilder<Ignore, Ignore> Member(string group, ReaderOptions reader)
    {
        var config = ReaderConfig(group, reader);
        config["partition.assignment.strategy"] = "cooperative-sticky";
        config["session.timeout.ms"] = Milliseconds(options.SessionTimeout);
        config["heartbeat.interval.ms"] = Milliseconds(options.SessionTimeout / 20);

        // Taking a partition over may mean reading it all first.
        config["max.poll.interval.ms"] = Milliseconds(TimeSpan.FromMinutes(15));
        return Consumer(config);
    }

    private Dictionary<string, string> ReaderConfig(string group, ReaderOptions reader)
    {
        var config = Config(
            ("group.id", group),
            ("isolation.level", "read_committed"),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "error"),
            ("enable.partition.eof", "true"),
            ("allow.auto.create.topics", "false"));
        var isSmall = reader.MaxBatchBytes < SmallBatchBytes;

        // The end of what is committed is seen with a fetch that finds nothing, so that one must not wait long.
        Default(config, ("fetch.wait.max.ms", "100"), ("fetch.queue.backoff.ms", "5"), ("fetch.error.backoff.ms", "100"), ("queued.max.messages.kbytes", Text(PrefetchKibibytes)));
        if (isSmall)
        {
            Default(config, ("queued.min.messages", "1"), ("fetch.message.max.bytes", Text(SmallBatchBytes)));
        }

        return config;
    }

    private ConsumerBuilder<Ignore, Ignore> Consumer(Dictionary<string, string> config) => Build(() => new ConsumerBuilder<Ignore, Ignore>(config)
        .SetErrorHandler((_, error) => health.Report(error)).SetLogHandler((_, line) => Write(line)));

    private Dictionary<string, string> Config(params ReadOnlySpan<(string Name, string Value)> own)
    {
        var config = new Dictionary<string, string>(options.Client, StringComparer.OrdinalIgnoreCase);
        Default(config,
            ("client.id", $"marketplace-{options.Principal}"),
            ("socket.keepalive.enable", "true"),
            ("socket.nagle.disable", "true"),
            ("reconnect.backoff.ms", "50"),
            ("reconnect.backoff.max.ms", "1000"),
            (RetryBackoff, "50"),
            ("retry.backoff.max.ms", "500"),
            ("topic.metadata.refresh.fast.interval.ms", "100"),
            ("socket.timeout.ms", "10000"));
        foreach (var (name, value) in own)
        {
            config[name] = value;
        }

        return config;
    }

    private static void Default(Dictionary<string, string> config, params ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values)
        {
            config.TryAdd(name, value);
        }
    }

    private static T Build<T>(Func<T> build)
    {
        LibrdkafkaLibrary.EnsureLoaded();
        try
        {
            return build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new LogFailedException($"The Kafka client does not take its settings: {e.Message}", e);
        }
    }

    private void Write(LogMessage line)
    {
        var level = (LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging);

        // What librdkafka tells of single connections is of use when one looks for it; what follows from it is reported by the engine.
        KafkaLog.Client(logger, level > LogLevel.Debug ? LogLevel.Debug : level, line.Name, line.Facility, line.Message);
        health.Note(line);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => Text((int)span.TotalMilliseconds);
}
