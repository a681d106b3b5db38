using Marketplace.Gateway.Tests.Banned;
using Marketplace.Gateway.Tests.Idempotency;
using Marketplace.Gateway.Tests.Shop;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

// The gateway's whole-app tests, on the secured cluster and with each part's own principal.
[Collection(AloneOnTheCluster.Name)]
public sealed class KafkaProductIngestionTests(KafkaGateway fixture) : ProductIngestionTests(fixture), IClassFixture<KafkaGateway>;

[Collection(AloneOnTheCluster.Name)]
public sealed class KafkaArrayIngestionTests(KafkaGateway fixture) : ArrayIngestionTests(fixture), IClassFixture<KafkaGateway>;

[Collection(AloneOnTheCluster.Name)]
public sealed class KafkaLineIngestionTests(KafkaGateway fixture) : LineIngestionTests(fixture), IClassFixture<KafkaGateway>;

[Collection(AloneOnTheCluster.Name)]
public sealed class KafkaJourneyTests(KafkaGateway fixture) : JourneyTests(fixture), IClassFixture<KafkaGateway>;

[Collection(AloneOnTheCluster.Name)]
public sealed class KafkaBanTests(KafkaGateway fixture) : BanTests(fixture), IClassFixture<KafkaGateway>;

[Collection(AloneOnTheCluster.Name)]
public sealed class KafkaIdempotencyTests(KafkaGateway fixture) : IdempotencyTests(fixture), IClassFixture<KafkaGateway>;
