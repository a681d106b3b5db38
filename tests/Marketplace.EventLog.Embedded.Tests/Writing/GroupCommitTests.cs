using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.EventLog.Embedded.Tests.Writing;

public sealed class GroupCommitTests : EmbeddedTest
{
    private const string Topic = "t";

    [Fact]
    public async Task Concurrent_appends_share_transactions()
    {
        await Harness.CloseAsync();
        using var clock = new StandingClock();
        await using (var log = await OpenAsync(clock))
        {
            clock.Stop();
            var first = log.AppendAsync(Topic, Record("k", "first"), Token).AsTask();
            await clock.WaitForCallerAsync(Token);

            // The writer is busy with the first; these wait.
            var waiting = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(
                () => Enumerable.Range(0, 20).Select(i => log.AppendAsync(Topic, Record($"{caller}", $"{i}"), Token).AsTask()).ToArray())));
            clock.Go();
            await Task.WhenAll(waiting.SelectMany(appends => appends).Append(first));
        }

        // A transaction makes at least one stored batch of the one partition.
        Query("SELECT sum(count) FROM batches").ShouldBe(1 + (64 * 20));
        Query("SELECT count(*) FROM batches").ShouldBeLessThan(64 * 20 / 4);
    }

    [Fact]
    public async Task An_append_that_is_wrong_fails_alone()
    {
        await EnsureAsync(Topic);
        await using var writer = await Log.OpenWriterAsync("w", Token);
        await using var newer = await Log.OpenWriterAsync("w", Token);
        var fenced = new AtomicBatch();
        fenced.Add(Topic, Record("fenced", "v"));
        var appends = Enumerable.Range(0, 50).Select(i => Log.AppendAsync(Topic, Record("k", $"{i}"), Token).AsTask()).ToList();
        var refused = writer.CommitAsync(fenced, Token).AsTask();
        appends.AddRange(Enumerable.Range(50, 50).Select(i => Log.AppendAsync(Topic, Record("k", $"{i}"), Token).AsTask()));

        await Should.ThrowAsync<WriterFencedException>(() => refused);
        await Task.WhenAll(appends);
        (await ReadAsync(Topic)).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_queued_append_that_is_cancelled_is_never_written()
    {
        await Harness.CloseAsync();
        using var clock = new StandingClock();
        await using var log = await OpenAsync(clock);
        clock.Stop();
        var first = log.AppendAsync(Topic, Record("k", "first"), Token).AsTask();
        await clock.WaitForCallerAsync(Token);

        // The writer is busy with the first; these wait.
        using var cancellation = new CancellationTokenSource();
        var cancelled = Enumerable.Range(0, 100).Select(_ => log.AppendAsync(Topic, Record("k", "cancelled"), cancellation.Token).AsTask()).ToList();
        var many = log.AppendAsync(Topic, new[] { Record("k", "cancelled"), Record("k", "cancelled") }, cancellation.Token).AsTask();
        var last = log.AppendAsync(Topic, Record("k", "last"), Token).AsTask();
        await cancellation.CancelAsync();
        foreach (var append in cancelled)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => append);
        }

        await Should.ThrowAsync<OperationCanceledException>(() => many);
        first.IsCompleted.ShouldBeFalse();
        clock.Go();
        (await first).Offset.ShouldBe(0);
        (await last).Offset.ShouldBe(1);
        (await log.GetRangeAsync(new TopicPartition(Topic, 0), Token)).End.ShouldBe(2);
    }

    [Fact]
    public async Task Closing_the_log_writes_or_refuses_what_is_queued_and_forgets_nobody()
    {
        await EnsureAsync(Topic);
        var appends = Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            try
            {
                await Log.AppendAsync(Topic, Record("k", $"{i}"), CancellationToken.None);
                return true;
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        })).ToList();
        await Task.WhenAny(appends);
        await Harness.CloseAsync();

        var written = (await Task.WhenAll(appends).WaitAsync(Token)).Count(done => done);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Log.AppendAsync(Topic, Record("k", "late"), Token));
        await Harness.StartAsync();
        (await ReadAsync(Topic)).Count.ShouldBe(written);
    }

    private async Task<EmbeddedEventLog> OpenAsync(StandingClock clock)
    {
        var log = await EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = Harness.Folder, MaintenanceInterval = Timeout.InfiniteTimeSpan }, clock, NullLogger<EmbeddedEventLog>.Instance, Token);
        await log.EnsureTopicsAsync([new TopicSpec(Topic, 1)], Token);
        return log;
    }

    /// <summary>A clock at which whoever asks for the time can be made to wait.</summary>
    private sealed class StandingClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _goes = new(true);
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Stop() => _goes.Reset();

        public void Go() => _goes.Set();

        public Task WaitForCallerAsync(CancellationToken cancellationToken) => _asked.Task.WaitAsync(cancellationToken);

        public override DateTimeOffset GetUtcNow()
        {
            if (!_goes.IsSet)
            {
                _asked.TrySetResult();
                _goes.Wait();
            }

            return DateTimeOffset.UnixEpoch;
        }

        public void Dispose() => _goes.Dispose();
    }
}
