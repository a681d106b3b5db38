using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Telemetry;

/// <summary>Whether the log answers, by looks at its partitions.</summary>
public sealed class LagSamplerTests : IDisposable
{
    private const string Topic = "shop-products";
    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-sampler-").FullName;
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task The_log_is_reachable_while_any_partition_answers(int silent, bool isReachable)
    {
        var token = TestContext.Current.CancellationToken;
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        await using var log = await EmbeddedEventLog.OpenAsync(new EmbeddedLogOptions { Path = _folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, token);
        await log.EnsureTopicsAsync([new TopicSpec(Topic, 2)], token);
        var lag = new ConsumerLag(meters, _time);
        lag.Assigned("filter", new TopicPartition(Topic, 0), 0);
        lag.Assigned("filter", new TopicPartition(Topic, 1), 0);
        var faults = new FailingLog { RangeFault = partition => partition.Partition < silent ? new LogUnavailableException("Its leader is away.") : null };
        var appends = new AppendHealth();
        using var sampler = new LagSampler(faults.Over(log), lag, appends, _time, meters);
        await sampler.LookAsync(token);
        sampler.Readiness.Reason.ShouldBe(isReachable ? "answers" : "does not answer: Its leader is away.");

        appends.Refused("The disk is full.");
        sampler.Readiness.ShouldBe(new Readiness(true, isReachable ? "answers, but did not take the last write: The disk is full." : "does not answer: Its leader is away."));
        appends.Taken();
        sampler.Readiness.Reason.ShouldBe(isReachable ? "answers" : "does not answer: Its leader is away.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
