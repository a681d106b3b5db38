namespace Marketplace.EventLog.Contract;

/// <summary>One engine under test. An engine's tests derive one harness and then each contract class in a line.</summary>
public abstract class LogHarness : IAsyncDisposable
{
    /// <summary>The log; another object after <see cref="ReopenAsync"/>.</summary>
    public abstract IEventLog Log { get; }

    /// <summary>The clock that the engine's records, compaction and retention go by.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>False where the engine's clock is the real one; tests that need time to pass are skipped then.</summary>
    public virtual bool CanAdvance => false;

    /// <summary>False where compaction and retention cannot be made to run now; tests of what they do are skipped then.</summary>
    public virtual bool CanMaintain => true;

    /// <summary>True where <see cref="MaintainAsync"/> leaves nothing undone that is due; else it may leave a newest part as it is, as Kafka does its active segment.</summary>
    public virtual bool MaintainsAll => true;

    /// <summary>Bytes that the engine counts beside a record's own: a record within these of the largest size may be refused.</summary>
    public virtual int RecordOverhead => 0;

    /// <summary>Nothing in the contract takes long; what takes longer than this has hung.</summary>
    public virtual TimeSpan Patience => TimeSpan.FromMinutes(8);

    /// <summary>How long a group member may leave a revocation unanswered.</summary>
    public virtual TimeSpan SessionTimeout => TimeSpan.FromSeconds(45);

    /// <summary>How many random sequences of operations are tried against the model; <c>MODEL_RUNS</c> asks for another number.</summary>
    public virtual int ModelRuns => 40;

    public abstract Task StartAsync();

    /// <summary>Stops the log in good order and opens it again on what it has stored.</summary>
    public abstract Task ReopenAsync();

    /// <summary>Lets compaction and retention do what is due; returns when it is done.</summary>
    public abstract Task MaintainAsync();

    public virtual void Advance(TimeSpan by) => throw new NotSupportedException("This engine's clock is the real one.");

    public abstract ValueTask DisposeAsync();
}
