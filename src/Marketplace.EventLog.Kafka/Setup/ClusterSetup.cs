using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Clients;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Setup;

/// <summary>
/// Gives a cluster the topics and ACLs of a table. Topics that are there stay as they are; the ACLs of the table's
/// principals become what the table says, no more and no less; other principals' are left alone. Doing it again changes nothing.
/// </summary>
public sealed class ClusterSetup : IDisposable
{
    private static readonly TimeSpan BrokersLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SpreadLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ClusterCalls _calls;

    /// <param name="options">Who makes it; has to be allowed to.</param>
    public ClusterSetup(KafkaLogOptions options, TimeProvider time, ILogger logger)
    {
        var health = new ClientHealth(options, time, logger);
        (_options, _time) = (options, time);
        _calls = new ClusterCalls(new KafkaClients(options, health, logger), health, new KafkaFaults(options.Principal, health), options.DeliveryTimeout, time);
    }

    /// <exception cref="LogUnavailableException">The cluster does not answer, has too few brokers, or refuses; the message says which.</exception>
    public async Task<SetupResult> RunAsync(SetupTable table, CancellationToken cancellationToken)
    {
        await WaitForBrokersAsync(cancellationToken).ConfigureAwait(false);
        var topics = await CreateTopicsAsync(table.Topics, cancellationToken).ConfigureAwait(false);
        var (added, removed) = await AlignAclsAsync(table, cancellationToken).ConfigureAwait(false);
        return new SetupResult(topics, added, removed);
    }

    public void Dispose() => _calls.Dispose();

    /// <summary>A broker that has just come up may not be known to the others yet.</summary>
    private Task WaitForBrokersAsync(CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            var metadata = await _calls.BlockAsync("Describe", "the cluster", admin => admin.GetMetadata(ClusterCalls.RequestTimeout), cancellationToken).ConfigureAwait(false);
            return metadata.Brokers.Count >= _options.ReplicationFactor;
        },
        BrokersLimit,
        $"fewer than {_options.ReplicationFactor} brokers are in the cluster",
        cancellationToken);

    private async Task<int> CreateTopicsAsync(IReadOnlyList<TopicSpecification> topics, CancellationToken cancellationToken)
    {
        foreach (var topic in topics)
        {
            topic.ReplicationFactor = (short)_options.ReplicationFactor;
        }

        return topics.Count == 0 ? 0 : await _calls.RunAsync("Create", "the table's topics", async admin =>
        {
            try
            {
                await admin.CreateTopicsAsync(topics, new CreateTopicsOptions { RequestTimeout = ClusterCalls.RequestTimeout, OperationTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false);
                return topics.Count;
            }
            catch (CreateTopicsException e)
            {
                return e.Results.Find(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists) is { } failed
                    ? throw new KafkaException(new Error(failed.Error.Code, $"topic '{failed.Topic}': {failed.Error.Reason}"))
                    : e.Results.Count(result => !result.Error.IsError);
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(int Added, int Removed)> AlignAclsAsync(SetupTable table, CancellationToken cancellationToken)
    {
        var found = await FindAclsAsync(table, cancellationToken).ConfigureAwait(false);
        var missing = table.Acls.Where(acl => !found.Contains(acl)).ToArray();
        var superfluous = found.Except(table.Acls).ToArray();
        if (missing.Length > 0)
        {
            await _calls.RunAsync("Alter", "the cluster's ACLs", async admin =>
            {
                await admin.CreateAclsAsync(missing, new CreateAclsOptions { RequestTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }

        if (superfluous.Length > 0)
        {
            await _calls.RunAsync(
                "Alter", "the cluster's ACLs", admin => admin.DeleteAclsAsync(superfluous.Select(acl => acl.ToFilter()), new DeleteAclsOptions { RequestTimeout = ClusterCalls.RequestTimeout }), cancellationToken).ConfigureAwait(false);
        }

        await UntilAsync(
            async () => (await FindAclsAsync(table, cancellationToken).ConfigureAwait(false)).SetEquals(table.Acls), SpreadLimit, "the ACLs are not what was asked for", cancellationToken).ConfigureAwait(false);
        return (missing.Length, superfluous.Length);
    }

    /// <summary>What the table's principals may do now.</summary>
    private async Task<HashSet<AclBinding>> FindAclsAsync(SetupTable table, CancellationToken cancellationToken)
    {
        var any = new AclBindingFilter
        {
            PatternFilter = new ResourcePatternFilter { Type = ResourceType.Any, ResourcePatternType = ResourcePatternType.Any },
            EntryFilter = new AccessControlEntryFilter { Operation = AclOperation.Any, PermissionType = AclPermissionType.Any },
        };
        var result = await _calls.RunAsync(
            "Describe", "the cluster's ACLs", admin => admin.DescribeAclsAsync(any, new DescribeAclsOptions { RequestTimeout = ClusterCalls.RequestTimeout }), cancellationToken).ConfigureAwait(false);
        return [.. result.AclBindings.Where(acl => table.Principals.Contains(acl.Entry.Principal))];
    }

    private async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, string otherwise, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (!await HoldsAsync(condition).ConfigureAwait(false))
        {
            if (_time.GetElapsedTime(started) > limit)
            {
                throw new LogUnavailableException($"Waited for {limit.TotalSeconds:0} s: {otherwise}.");
            }

            await Task.Delay(Poll, _time, cancellationToken).ConfigureAwait(false);
        }

        // A cluster that does not answer now is waited for like one whose answer is not yet what it should be.
        static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
        {
            try
            {
                return await condition().ConfigureAwait(false);
            }
            catch (LogUnavailableException e) when (!e.IsDenied)
            {
                return false;
            }
        }
    }
}

/// <summary>What a setup has changed.</summary>
public sealed record SetupResult(int TopicsCreated, int AclsAdded, int AclsRemoved);
