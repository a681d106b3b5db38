namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// Something that waits for the writer. It is taken once: by the writer, which then completes it, or by its caller's
/// cancellation, after which nothing of it is written.
/// </summary>
internal abstract class WriteRequest
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;
    private int _state;

    /// <summary>Bytes it adds to a group commit, roughly.</summary>
    public long Bytes { get; protected set; }

    protected bool WasCancelled => Volatile.Read(ref _state) == Cancelled;

    /// <summary>Claims it for the writer; false when its caller gave up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    public abstract void Fail(Exception exception);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;

    protected void Rearm() => Volatile.Write(ref _state, Waiting);
}

/// <summary>A request that shares a transaction with others.</summary>
internal abstract class GroupedRequest : WriteRequest
{
    /// <summary>Adds its records to the group; throws what is wrong with this request alone, having added nothing.</summary>
    public abstract void Stage(CommitGroup group);

    /// <summary>Its group is durable and published.</summary>
    public abstract void Succeed();
}
