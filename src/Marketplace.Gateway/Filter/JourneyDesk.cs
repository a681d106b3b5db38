using System.Collections.Concurrent;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>Takes questions about single products to the filter's loop, which alone touches its state, and answers when it has judged all that was in the log.</summary>
public sealed class JourneyDesk(IEventLog log)
{
    private readonly ConcurrentQueue<Question> _asked = new();
    private readonly List<Question> _waiting = [];

    /// <summary>Called when a question has come in.</summary>
    internal Action? Ring { get; set; }

    /// <summary>A question waits; of the filter's loop only.</summary>
    internal bool IsAsked => _waiting.Count > 0 || !_asked.IsEmpty;

    /// <summary>What the filter knows of a product; null when it is unknown, or another gateway's.</summary>
    public async Task<JourneyAnswer?> AskAsync(ReadOnlyMemory<byte> productId, int partition, CancellationToken cancellationToken)
    {
        var end = (await log.GetRangeAsync(new TopicPartition(TopicNames.ShopProducts, partition), cancellationToken)).End;
        var question = new Question(partition, ProductKey.Of(productId.Span), end);
        _asked.Enqueue(question);
        Ring?.Invoke();
        return await question.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Answers what can be answered now; called by the filter's loop only.</summary>
    internal void Answer(FilterProcessor processor)
    {
        while (_asked.TryDequeue(out var question))
        {
            _waiting.Add(question);
        }

        _waiting.RemoveAll(question => !processor.Owned.TryGetValue(question.Partition, out var partition)
            ? question.Answer.TrySetResult(null)
            : partition.Position >= question.End && !processor.IsBehind && question.Answer.TrySetResult(Describe(partition, processor, question.Product)));
    }

    private static JourneyAnswer? Describe(FilterPartition partition, FilterProcessor processor, UInt128 product) =>
        partition.Find(product) is { Offset: >= 0 } state
            ? new JourneyAnswer(state.Offset, state.OnSale, state.Withdrawn, processor.List.Find(product, processor.Instant), processor.Basis)
            : null;

    /// <param name="End">Answered when the partition has been judged up to here.</param>
    private sealed record Question(int Partition, UInt128 Product, long End)
    {
        public TaskCompletionSource<JourneyAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What the filter knows of a product.</summary>
/// <param name="SourceOffset">Its latest record in the shop's partition.</param>
public sealed record JourneyAnswer(long SourceOffset, bool OnSale, bool Withdrawn, Banned.Ban? Ban, VerdictBasis Basis);
