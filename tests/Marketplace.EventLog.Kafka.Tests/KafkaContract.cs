using Marketplace.EventLog.Contract;

namespace Marketplace.EventLog.Kafka.Tests;

public sealed class KafkaAppend : AppendContract<KafkaHarness>;

public sealed class KafkaAtomicCommit : AtomicCommitContract<KafkaHarness>;
