using System.Collections.Concurrent;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>Takes questions about single products to the filter's loop, which alone touches its state, and answers when it has judged all that was in the log.</summary>
public sealed class JourneyDesk(IEventLog log)
{
    /// <summary>Asked and not yet answered, nor given up.</summary>
    private readonly ConcurrentDictionary<Question, byte> _open = new();

    /// <summary>Called when a question has come in.</summary>
    internal Action? Ring { get; set; }

    internal bool IsAsked => !_open.IsEmpty;

    /// <summary>What the filter knows of a product; null when it is unknown.</summary>
    /// <exception cref="NotReadyException">Another gateway judges the product's partition.</exception>
    public async Task<JourneyAnswer?> AskAsync(ReadOnlyMemory<byte> productId, int partition, CancellationToken cancellationToken)
    {
        var end = (await log.GetRangeAsync(new TopicPartition(TopicNames.ShopProducts, partition), cancellationToken)).End;
        var question = new Question(partition, KeyHash.Of(productId.Span), end);
        _open.TryAdd(question, 0);
        try
        {
            Ring?.Invoke();
            return await question.Answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _open.TryRemove(question, out _);
        }
    }

    /// <summary>Answers what can be answered now; called by the filter's loop only.</summary>
    internal void Answer(FilterProcessor processor)
    {
        foreach (var (question, _) in _open)
        {
            if (!processor.Owned.TryGetValue(question.Partition, out var partition))
            {
                question.Answer.TrySetException(new NotReadyException("Another gateway judges this product's partition."));
            }
            else if (partition.Position >= question.End && !processor.IsBehind)
            {
                question.Answer.TrySetResult(Describe(partition, processor, question.Product));
            }
            else
            {
                continue;
            }

            _open.TryRemove(question, out _);
        }
    }

    private static JourneyAnswer? Describe(FilterPartition partition, FilterProcessor processor, UInt128 product) =>
        partition.Find(product) is { Offset: >= 0 } state
            ? new JourneyAnswer(state.Offset, state.OnSale, state.Withdrawn, processor.List.Find(product, processor.Instant), processor.Basis)
            : null;

    /// <param name="end">Answered when the partition has been judged up to here.</param>
    private sealed class Question(int partition, UInt128 product, long end)
    {
        public int Partition => partition;

        public UInt128 Product => product;

        public long End => end;

        public TaskCompletionSource<JourneyAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What the filter knows of a product.</summary>
/// <param name="SourceOffset">Its latest record in the shop's partition.</param>
public sealed record JourneyAnswer(long SourceOffset, bool OnSale, bool Withdrawn, Banned.Ban? Ban, VerdictBasis Basis);
