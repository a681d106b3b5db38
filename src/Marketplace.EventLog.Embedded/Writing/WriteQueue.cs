namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// Hands requests to the writer's thread in the order they came; those of maintenance when nobody else waits, or after some groups. It needs no bound of its own: an entry is a caller that
/// waits for its result, and its bytes are that caller's; so memory is bounded by the callers, and a slow disk slows them.
/// </summary>
internal sealed class WriteQueue
{
    /// <summary>How long the writer waits for the callers of the last group to come back with their next requests.</summary>
    private const int LingerMilliseconds = 1;

    /// <summary>How many groups go before a request of maintenance: it never waits for ever, and takes a small part of the writer's time.</summary>
    private const int GroupsBeforeMaintenance = 8;

    private readonly object _gate = new();
    private readonly Queue<WriteRequest> _requests = new();
    private readonly Queue<ExclusiveRequest> _maintenance = new();
    private Func<Exception>? _refusal;
    private int _lastGroup;

    /// <summary>Requests that the writer waits for at most <see cref="LingerMilliseconds"/>; 0 while it does not.</summary>
    private int _awaited;

    private int _groupsSinceMaintenance;

    public void Enqueue(WriteRequest request) => Enqueue(_requests, request);

    public void EnqueueMaintenance(ExclusiveRequest request) => Enqueue(_maintenance, request);

    private void Enqueue<T>(Queue<T> queue, T request)
        where T : WriteRequest
    {
        Func<Exception>? refusal;
        lock (_gate)
        {
            refusal = _refusal;
            if (refusal is null)
            {
                queue.Enqueue(request);
                if (_awaited == 0 ? queue.Count == 1 : queue.Count == _awaited)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }

        if (refusal is not null && request.TryTake())
        {
            request.Fail(refusal());
        }
    }

    /// <summary>
    /// Blocks until there is something: either one exclusive request or a group of up to <paramref name="maxBytes"/>.
    /// False when the queue is closed and empty.
    /// </summary>
    public bool Take(List<GroupedRequest> group, out ExclusiveRequest? exclusive, long maxBytes)
    {
        exclusive = null;
        while (true)
        {
            WaitForCallersOfLastGroup();
            lock (_gate)
            {
                while (_requests.Count == 0 && _maintenance.Count == 0)
                {
                    if (_refusal is not null)
                    {
                        return false;
                    }

                    _lastGroup = 0;
                    Monitor.Wait(_gate);
                }

                if (_requests.Count == 0 || _groupsSinceMaintenance >= GroupsBeforeMaintenance)
                {
                    while (exclusive is null && _maintenance.TryDequeue(out var waiting))
                    {
                        exclusive = waiting.TryTake() ? waiting : null;
                    }

                    if (exclusive is not null)
                    {
                        _groupsSinceMaintenance = 0;
                        return true;
                    }
                }

                var bytes = 0L;
                while (_requests.TryPeek(out var next) && (group.Count == 0 || bytes + next.Bytes <= maxBytes))
                {
                    if (next is ExclusiveRequest && group.Count > 0)
                    {
                        break;
                    }

                    _requests.Dequeue();
                    if (!next.TryTake())
                    {
                        continue;
                    }

                    if (next is ExclusiveRequest alone)
                    {
                        exclusive = alone;
                        return true;
                    }

                    group.Add((GroupedRequest)next);
                    bytes += next.Bytes;
                }

                _lastGroup = group.Count;
                _groupsSinceMaintenance++;
            }

            if (group.Count > 0)
            {
                return true;
            }
        }
    }

    /// <summary>Refuses further requests; those that wait are still taken.</summary>
    public void Close(Func<Exception> refusal)
    {
        lock (_gate)
        {
            _refusal ??= refusal;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Refuses further requests and fails those that wait.</summary>
    public void Abort(Func<Exception> refusal)
    {
        WriteRequest[] waiting;
        lock (_gate)
        {
            _refusal = refusal;
            waiting = [.. _requests, .. _maintenance];
            _requests.Clear();
            _maintenance.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (var request in waiting)
        {
            if (request.TryTake())
            {
                request.Fail(refusal());
            }
        }
    }

    /// <summary>
    /// Many callers that each await one append come back a moment after their group is done. Without a moment's patience they
    /// fall into two halves that take turns, and each fsync serves one half (PostgreSQL has <c>commit_delay</c> for this).
    /// A caller alone never waits.
    /// </summary>
    private void WaitForCallersOfLastGroup()
    {
        if (_lastGroup < 2)
        {
            return;
        }

        lock (_gate)
        {
            _awaited = _requests.Count + _lastGroup;
            if (_refusal is null)
            {
                Monitor.Wait(_gate, LingerMilliseconds);
            }

            _awaited = 0;
        }
    }
}
