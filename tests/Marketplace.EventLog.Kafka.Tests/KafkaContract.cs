using Marketplace.EventLog.Contract;

namespace Marketplace.EventLog.Kafka.Tests;

public sealed class KafkaAppend : AppendContract<KafkaHarness>;

public sealed class KafkaAtomicCommit : AtomicCommitContract<KafkaHarness>;

public sealed class KafkaTopics : TopicContract<KafkaHarness>;

public sealed class KafkaRecords : RecordContract<KafkaHarness>;

public sealed class KafkaReaders : ReaderContract<KafkaHarness>;

public sealed class KafkaDurability : DurabilityContract<KafkaHarness>;

public sealed class KafkaGroups : GroupContract<KafkaHarness>;

public sealed class KafkaConcurrency : ConcurrencyContract<KafkaHarness>;

public sealed class KafkaCompaction : CompactionContract<KafkaHarness>;

public sealed class KafkaRetention : RetentionContract<KafkaHarness>;

public sealed class KafkaModel : ModelContract<KafkaHarness>;
