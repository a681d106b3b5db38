using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Native;
using Polly;
using Polly.Retry;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>
/// Calls to the cluster that may be repeated: tried again with jittered, growing pauses while the trouble may pass, and no
/// longer than an append would wait.
/// </summary>
internal sealed class ClusterCalls : IDisposable
{
    private const int MaxBlocking = 4;

    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private static readonly ResiliencePropertyKey<long> Started = new("started");

    private readonly ClientHealth _health;
    private readonly KafkaFaults _faults;
    private readonly Lazy<IAdminClient> _admin;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _pipeline;
    private readonly SemaphoreSlim _blocking = new(MaxBlocking);

    /// <param name="patience">A call that has failed is not tried again after this.</param>
    public ClusterCalls(KafkaClients clients, ClientHealth health, KafkaFaults faults, TimeSpan patience, TimeProvider time)
    {
        (_health, _faults, _time) = (health, faults, time);
        _admin = new Lazy<IAdminClient>(clients.Admin);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is KafkaException e && IsTransient(e.Error)
                    && time.GetElapsedTime(arguments.Context.Properties.GetValue(Started, 0)) < patience),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,

                // Patience ends them: many errors come at once, and a coordinator may need ten seconds to be found or to load.
                MaxRetryAttempts = int.MaxValue,
            })
            .Build();
    }

    /// <param name="operation">The ACL operation that the call needs, for the message.</param>
    /// <param name="topic">The topic that is unknown when the cluster says so.</param>
    public async ValueTask<T> RunAsync<T>(string operation, string resource, Func<IAdminClient, Task<T>> call, CancellationToken cancellationToken, string? topic = null)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Started, _time.GetTimestamp());
        try
        {
            return await _pipeline.ExecuteAsync(
                async attempt =>
                {
                    var result = await call(_admin.Value).WaitAsync(attempt.CancellationToken).ConfigureAwait(false);
                    _health.Clear();
                    return result;
                },
                context).ConfigureAwait(false);
        }
        catch (KafkaException e) when (topic is not null && KafkaFaults.IsUnknownTopic(e.Error))
        {
            throw new UnknownTopicException(topic);
        }
        catch (KafkaException e)
        {
            throw _faults.Of(e.Error, operation, resource, e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The same for a call that blocks: a few at once, so that they do not take the pool's threads while the cluster is away.</summary>
    public ValueTask<T> BlockAsync<T>(string operation, string resource, Func<IAdminClient, T> call, CancellationToken cancellationToken, string? topic = null) => RunAsync(
        operation,
        resource,
        async admin =>
        {
            await _blocking.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await Task.Run(
                    () =>
                    {
                        using var held = new HeldClient(admin);
                        return call(admin);
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _blocking.Release();
            }
        },
        cancellationToken,
        topic);

    public void Dispose()
    {
        _blocking.Dispose();
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }

    private bool IsTransient(Error error) => _health.Refusal is null && error.Code switch
    {
        ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve
            or ErrorCode.Local_WaitCoord or ErrorCode.Local_NoEnt
            or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.RequestTimedOut or ErrorCode.NetworkException
            or ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup
            or ErrorCode.NotController or ErrorCode.BrokerNotAvailable or ErrorCode.ReplicaNotAvailable or ErrorCode.OffsetNotAvailable
            or ErrorCode.UnstableOffsetCommit or ErrorCode.KafkaStorageError or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch => true,
        _ => false,
    };
}
