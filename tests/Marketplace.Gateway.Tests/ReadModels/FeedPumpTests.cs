using Marketplace.EventLog;
using Marketplace.Gateway.ReadModels;

namespace Marketplace.Gateway.Tests.ReadModels;

/// <summary>A feed one of whose parts fails ends as a whole, so that the gateway learns of it.</summary>
public sealed class FeedPumpTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_model_that_fails_ends_the_reading()
    {
        using var pump = new FeedPump<Batch>("t", 1, [new Model(), new Model { Failure = new InvalidOperationException("a model") }], threads: 2, lag: null);
        var running = pump.RunAsync(TestContext.Current.CancellationToken, async token =>
        {
            for (var offset = 1L; ; offset++)
            {
                await pump.WriteAsync(new Batch(new RecordBatch(new TopicPartition("t", 0), default, offset, offset)), token);
            }
        });
        (await Should.ThrowAsync<InvalidOperationException>(() => running.WaitAsync(Limit, TestContext.Current.CancellationToken))).Message.ShouldBe("a model");
    }

    [Fact]
    public async Task A_reading_that_fails_ends_the_models()
    {
        using var pump = new FeedPump<Batch>("t", 1, [new Model()], threads: 2, lag: null);
        var running = pump.RunAsync(TestContext.Current.CancellationToken, _ => Task.FromException(new InvalidOperationException("the reading")), token => Task.Delay(Timeout.Infinite, token));
        (await Should.ThrowAsync<InvalidOperationException>(() => running.WaitAsync(Limit, TestContext.Current.CancellationToken))).Message.ShouldBe("the reading");
    }

    [Fact]
    public async Task A_part_that_is_done_ends_nothing()
    {
        var model = new Model();
        using var pump = new FeedPump<Batch>("t", 1, [model], threads: 2, lag: null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = pump.RunAsync(
            stop.Token,
            _ => Task.CompletedTask,
            async token => await pump.WriteAsync(new Batch(new RecordBatch(new TopicPartition("t", 0), default, 3, 3)), token));
        await model.Applied.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        running.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit, TestContext.Current.CancellationToken));
        pump.HasReached([3]).ShouldBeTrue();
    }

    private sealed class Batch(RecordBatch records) : FeedBatch(records, models: 1);

    private sealed class Model : IFeedReader<Batch>
    {
        public Exception? Failure { get; init; }

        public TaskCompletionSource Applied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "test";

        public void Apply(Batch batch, int first)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            Applied.TrySetResult();
        }

        public void Publish()
        {
        }
    }
}
