using Marketplace.EventLog.Kafka.Clients;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>
/// While the cluster does not take appends, they fail at once instead of waiting in memory; now and then one is let through
/// to see whether it does again.
/// </summary>
internal sealed class AppendCircuit
{
    private const int FewestCalls = 2;
    private const double FailureRatio = 0.5;
    private const int MaxDoublings = 4;
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(1);

    private readonly ResiliencePipeline _pipeline;

    public AppendCircuit(KafkaLogOptions options, TimeProvider time, Random random, ILogger logger)
    {
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is LogUnavailableException),
                FailureRatio = FailureRatio,
                MinimumThroughput = FewestCalls,
                SamplingDuration = Sampling,
                BreakDurationGenerator = arguments => ValueTask.FromResult(Break(arguments.FailureCount, random)),
                OnOpened = arguments =>
                {
                    KafkaLog.CircuitOpened(logger, options.Principal, arguments.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    KafkaLog.CircuitClosed(logger, options.Principal);
                    return default;
                },
            })
            .Build();
    }

    /// <exception cref="LogUnavailableException">The append failed, or the circuit is open.</exception>
    public async ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, CancellationToken, ValueTask<TResult>> append, TState state, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static (both, token) => both.append(both.state, token), (append, state), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new LogUnavailableException("The cluster takes no appends now.", e) { RetryAfter = e.RetryAfter ?? FirstBreak };
        }
    }

    /// <summary>From one second, doubled with each failure in a row up to 16 s, and up to half of it by chance.</summary>
    private static TimeSpan Break(int failures, Random random) =>
        FirstBreak * (1 << Math.Clamp(failures - FewestCalls, 0, MaxDoublings)) * (1 + (random.NextDouble() / 2));
}
