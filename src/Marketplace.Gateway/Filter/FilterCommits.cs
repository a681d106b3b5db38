using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>
/// Two outputs in turn: while one commit is on its way to the disk the next is being filled, so commits grow with the
/// load by themselves.
/// </summary>
public sealed partial class FilterCommits(
    IAtomicWriter writer, IGroupMember member, FilterPace pace, TimeProvider time, FilterMetrics metrics, ILogger logger, CancellationToken stopping)
{
    private readonly CommitRoom _room = new(pace.MaxBytes);
    private FilterOutput _committing = new();
    private TaskCompletionSource? _filledDurable;

    /// <summary>An output is not filled beyond this.</summary>
    public long Room => _room.Bytes;

    public FilterOutput Filling { get; private set; } = new();

    /// <summary>The commit under way, or the last one.</summary>
    public Task Current { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the next commit may begin.</summary>
    public Task Free { get; private set; } = Task.CompletedTask;

    /// <summary>Of the partitions of <c>filtered-products</c> that were written here: the offset behind the latest record.</summary>
    public Dictionary<int, long> OutputEnds { get; } = [];

    /// <summary>Completes when all that has been filled until now is durable, whatever is filled after it; never where it is not going to be.</summary>
    public Task WhenDurable() => Filling.IsEmpty ? Current : (_filledDurable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Sends what is filled if a commit may begin; waits only for the one under way when there is too much already.</summary>
    public async ValueTask SendAsync()
    {
        if (Filling.Bytes >= Room || (Free.IsCompleted && !Filling.IsEmpty))
        {
            await SendNowAsync();
        }
    }

    /// <summary>Completes when everything filled is durable.</summary>
    public async Task DrainAsync()
    {
        await Current;
        if (!Filling.IsEmpty)
        {
            await SendNowAsync();
            await Current;
        }
    }

    /// <summary>Forgets what is filled and not sent.</summary>
    public void Drop()
    {
        Filling.Reset();
        _filledDurable = null;
    }

    private async ValueTask SendNowAsync()
    {
        await Current;
        (Filling, _committing) = (_committing, Filling);
        Current = CommitAsync(_committing, _filledDurable);
        Free = pace.Interval == TimeSpan.Zero ? Current : AfterAsync(Current, Task.Delay(pace.Interval, stopping));
        _filledDurable = null;
    }

    private static async Task AfterAsync(Task commit, Task interval)
    {
        await interval.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Commits until it succeeds: an unavailable log is waited for, and nothing is judged twice meanwhile.</summary>
    private async Task CommitAsync(FilterOutput output, TaskCompletionSource? durable)
    {
        output.Seal(FilterService.Group);
        output.Batch.Member = member;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var started = time.GetTimestamp();
                var written = await writer.CommitAsync(output.Batch, CancellationToken.None);
                See(output.Batch, written);
                var elapsed = time.GetElapsedTime(started);
                metrics.Committed(output, elapsed);
                _room.See(output.Bytes, elapsed);
                output.Reset();
                durable?.SetResult();
                return;
            }
            catch (LogUnavailableException e) when (!stopping.IsCancellationRequested)
            {
                Log.Unavailable(logger, e.Message, attempt + 1);
                await Task.Delay(Backoff.Delay(attempt), time, stopping);
            }
        }
    }

    private void See(AtomicBatch batch, RecordPosition[] written)
    {
        for (var i = 0; i < written.Length; i++)
        {
            if (ReferenceEquals(batch.Outputs[i].Topic, TopicNames.FilteredProducts))
            {
                OutputEnds[written[i].Partition] = written[i].Offset + 1;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Filter cannot commit ({Reason}); attempt {Attempt} failed, trying again")]
        public static partial void Unavailable(ILogger logger, string reason, int attempt);
    }
}
