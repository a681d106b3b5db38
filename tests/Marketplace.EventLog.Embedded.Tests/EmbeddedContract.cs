using Marketplace.EventLog.Contract;

namespace Marketplace.EventLog.Embedded.Tests;

public sealed class EmbeddedAppend : AppendContract<EmbeddedHarness>;

public sealed class EmbeddedAtomicCommit : AtomicCommitContract<EmbeddedHarness>;
