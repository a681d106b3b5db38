using Marketplace.EventLog.Contract;

namespace Marketplace.EventLog.Embedded.Tests;

public sealed class EmbeddedAppend : AppendContract<EmbeddedHarness>;

public sealed class EmbeddedAtomicCommit : AtomicCommitContract<EmbeddedHarness>;

public sealed class EmbeddedTopics : TopicContract<EmbeddedHarness>;

public sealed class EmbeddedRecords : RecordContract<EmbeddedHarness>;

public sealed class EmbeddedReaders : ReaderContract<EmbeddedHarness>;

public sealed class EmbeddedDurability : DurabilityContract<EmbeddedHarness>;

public sealed class EmbeddedGroups : GroupContract<EmbeddedHarness>;

public sealed class EmbeddedConcurrency : ConcurrencyContract<EmbeddedHarness>;

public sealed class EmbeddedCompaction : CompactionContract<EmbeddedHarness>;

public sealed class EmbeddedRetention : RetentionContract<EmbeddedHarness>;

public sealed class EmbeddedModel : ModelContract<EmbeddedHarness>;

public sealed class EmbeddedModelOfTinyBatches : ModelContract<TinyBatchHarness>;

public sealed class EmbeddedModelOfMaintenanceBrokenOff : ModelContract<BrokenOffHarness>;

public sealed class EncodedAppend : AppendContract<EncodingHarness>;

public sealed class EncodedAtomicCommit : AtomicCommitContract<EncodingHarness>;

public sealed class EncodedDurability : DurabilityContract<EncodingHarness>;

public sealed class EncodedConcurrency : ConcurrencyContract<EncodingHarness>;

public sealed class EncodedModel : ModelContract<EncodingHarness>;
