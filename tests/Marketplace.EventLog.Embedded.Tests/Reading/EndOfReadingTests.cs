namespace Marketplace.EventLog.Embedded.Tests.Reading;

public sealed class EndOfReadingTests : EmbeddedTest
{
    private const string Topic = "t";

    [Fact]
    public async Task A_reader_disposed_just_as_it_begins_to_wait_ends()
    {
        await EnsureAsync(Topic);
        using var start = new Barrier(2);
        for (var i = 0; i < 3000; i++)
        {
            var reader = await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new(Topic, 0)] = LogOffset.Begin }, ReaderOptions.Default, Token);
            var reading = Task.Run(async () =>
            {
                start.SignalAndWait();
                await reader.ReadAsync(CancellationToken.None);
            });
            start.SignalAndWait();
            await reader.DisposeAsync().AsTask().WaitAsync(Token);
            await Should.ThrowAsync<ObjectDisposedException>(() => reading.WaitAsync(Token));
        }
    }

    [Fact]
    public async Task Closing_the_log_ends_every_pending_read()
    {
        await EnsureAsync(Topic);
        var readers = new List<ILogReader>();
        for (var i = 0; i < 20; i++)
        {
            readers.Add(await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new(Topic, 0)] = LogOffset.Begin }, ReaderOptions.Default, Token));
        }

        var pending = readers.Select(reader => Task.Run(async () => await reader.ReadAsync(CancellationToken.None))).ToList();
        await Harness.CloseAsync();
        foreach (var read in pending)
        {
            await Should.ThrowAsync<ObjectDisposedException>(() => read.WaitAsync(Token));
        }
    }

    [Fact]
    public async Task A_wake_up_does_not_wait_for_appends_to_gather()
    {
        await EnsureAsync(Topic);
        await using var reader = await Log.OpenReaderAsync(
            new Dictionary<TopicPartition, long> { [new(Topic, 0)] = LogOffset.Begin }, new ReaderOptions { Linger = TimeSpan.FromHours(1) }, Token);
        var pending = reader.ReadAsync(Token).AsTask();
        reader.Wake();
        (await pending.WaitAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_second_read_while_one_is_pending_is_a_mistake_and_says_so()
    {
        await EnsureAsync(Topic);
        await using var reader = await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new(Topic, 0)] = LogOffset.Begin }, ReaderOptions.Default, Token);
        var pending = reader.ReadAsync(Token).AsTask();
        await Should.ThrowAsync<InvalidOperationException>(async () => await reader.ReadAsync(Token));
        await Log.AppendAsync(Topic, Record("k", "v"), Token);
        using var batch = await pending;
        batch!.Count.ShouldBe(1);
    }
}
