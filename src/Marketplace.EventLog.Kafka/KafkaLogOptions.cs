namespace Marketplace.EventLog.Kafka;

/// <summary>How one principal uses a cluster.</summary>
public sealed record KafkaLogOptions
{
    /// <summary>librdkafka's properties for every client: servers, security, and what a user sets beside.</summary>
    public required IReadOnlyDictionary<string, string> Client { get; init; }

    /// <summary>Who the clients act as, for messages and for the names of reader groups and transactional ids.</summary>
    public required string Principal { get; init; }

    /// <summary>Copies of each topic made here; a topic with fewer is refused.</summary>
    public int ReplicationFactor { get; init; } = 3;

    /// <summary>Copies written before an append is acknowledged; a topic with fewer is refused.</summary>
    public int MinInSyncReplicas { get; init; } = 2;

    /// <summary>How long an append may wait for the cluster before it fails; longer than the election of a new leader takes.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A transaction that its writer has not ended by then is ended by the cluster; until then it hides what comes after it.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A group member that is not heard of for so long loses its partitions.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Topics that were set up a moment ago may not be known yet to the broker that is asked; after this they are taken for not set up.</summary>
    internal TimeSpan SetUpLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Properties that the engine's guarantees rest on, or whom it trusts, so they cannot be set.</summary>
    public static IReadOnlySet<string> Reserved { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "acks", "request.required.acks", "enable.idempotence", "enable.gapless.guarantee", "transactional.id", "isolation.level", "group.id", "group.protocol",
        "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "enable.partition.eof", "partitioner",
        "partition.assignment.strategy", "allow.auto.create.topics", "delivery.report.only.error", "message.max.bytes",
        "message.timeout.ms", "delivery.timeout.ms", "transaction.timeout.ms", "session.timeout.ms", "max.poll.interval.ms",
        "bootstrap.servers", "metadata.broker.list", "enable.ssl.certificate.verification", "ssl.endpoint.identification.algorithm",
        "test.mock.num.brokers",
    };
}
