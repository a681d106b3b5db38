using Marketplace.EventLog.Contract.Modelling;

namespace Marketplace.EventLog.Contract;

/// <summary>
/// Random sequences of operations against a naive model in memory: appends, atomic commits and refused ones, readers that
/// interleave, positions, compaction, retention, time, restarts. A failure prints its seed and the shortest sequence found
/// that still fails; <c>MODEL_SEED</c> tries one seed again, <c>MODEL_RUNS</c> as many as one has time for.
/// </summary>
public abstract class ModelContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    protected override TimeSpan Patience => TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Whatever_is_done_to_the_log_it_is_what_the_model_is()
    {
        var seeds = Environment.GetEnvironmentVariable("MODEL_SEED") is { Length: > 0 } only
            ? [int.Parse(only, System.Globalization.CultureInfo.InvariantCulture)]
            : Enumerable.Range(0, Environment.GetEnvironmentVariable("MODEL_RUNS") is { Length: > 0 } runs ? int.Parse(runs, System.Globalization.CultureInfo.InvariantCulture) : Harness.ModelRuns).Select(run => Environment.TickCount + (run * 7919)).ToArray();
        foreach (var seed in seeds)
        {
            var operations = OperationGenerator.Generate(seed, Harness.CanMaintain, Harness.CanAdvance);
            if (await FailureOfAsync(operations) is { } failure)
            {
                var (shortest, reason) = await ShrinkAsync(operations, failure);
                Assert.Fail($"MODEL_SEED={seed}: {reason}\n{string.Join('\n', shortest)}");
            }
        }
    }

    private async Task<string?> FailureOfAsync(IReadOnlyList<Operation> operations)
    {
        try
        {
            // A log of its own: what earlier sequences left would be maintained again and again.
            await using var harness = new THarness();
            await harness.StartAsync();
            await using var run = await ModelRun.StartAsync(harness, Token);
            foreach (var operation in operations)
            {
                await run.DoAsync(operation);
            }

            await run.CheckAllAsync();
            return null;
        }
        catch (Exception exception) when (!Token.IsCancellationRequested)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    /// <summary>Leaves out ever smaller parts as long as something still fails.</summary>
    private async Task<(IReadOnlyList<Operation> Operations, string Reason)> ShrinkAsync(IReadOnlyList<Operation> operations, string reason)
    {
        for (var size = operations.Count / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < operations.Count;)
            {
                var fewer = operations.Take(at).Concat(operations.Skip(at + size)).ToList();
                if (await FailureOfAsync(fewer) is { } still)
                {
                    (operations, reason) = (fewer, still);
                }
                else
                {
                    at += size;
                }
            }
        }

        return (operations, reason);
    }
}
