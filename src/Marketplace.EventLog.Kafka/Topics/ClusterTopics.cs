using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Clients;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>The cluster's topics: makes those that are missing, checks the others, and remembers what writing needs to know.</summary>
internal sealed class ClusterTopics(ClusterCalls calls, KafkaLogOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Brokers that are busy take their time to elect leaders and to tell each other; after this something is wrong.</summary>
    private static readonly TimeSpan SpreadLimit = TimeSpan.FromMinutes(1);

    /// <summary>So long a topic that a broker does not know is taken for one that it does not know yet.</summary>
    private static readonly TimeSpan NewLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SpreadPoll = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan MissingPoll = TimeSpan.FromMilliseconds(200);

    private readonly TopicDescriber _describer = new(calls);
    private readonly ConcurrentDictionary<string, KnownTopic> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _made = new(StringComparer.Ordinal);

    /// <exception cref="UnknownTopicException">The cluster has no such topic, or does not show it to this principal.</exception>
    public ValueTask<KnownTopic> GetAsync(string name, CancellationToken cancellationToken) =>
        _known.TryGetValue(name, out var known) ? new(known) : FindAsync(name, cancellationToken);

    /// <summary>The topic or some of its partitions have been made here a moment ago: a broker that does not know them will soon.</summary>
    public bool IsNew(string name) => _made.TryGetValue(name, out var made) && time.GetElapsedTime(made) < NewLimit;

    /// <summary>The topic may have changed; it is looked up again.</summary>
    public void Forget(string name) => _known.TryRemove(name, out _);

    public async ValueTask EnsureAsync(IReadOnlyCollection<TopicSpec> specs, CancellationToken cancellationToken)
    {
        if (specs.GroupBy(spec => spec.Name, StringComparer.Ordinal).FirstOrDefault(named => named.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Topic '{twice.Key}' is asked for twice.", nameof(specs));
        }

        var started = time.GetTimestamp();
        for (var missing = await CheckAsync(specs, cancellationToken).ConfigureAwait(false); missing.Count > 0;)
        {
            // What is there after all was made elsewhere a moment ago, and the broker that was asked did not know it yet.
            var others = await CreateAsync(missing, started, cancellationToken).ConfigureAwait(false);
            missing = others.Count == 0 ? others : await CheckAsync(others, cancellationToken).ConfigureAwait(false);
            if (missing.Count > 0)
            {
                await WaitToSpreadAsync(started, Named(missing), cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var spec in specs)
        {
            _known[spec.Name] = new KnownTopic(spec.Name, spec.Partitions, spec.MaxMessageBytes);
        }
    }

    public async ValueTask AddPartitionsAsync(string name, int partitions, CancellationToken cancellationToken)
    {
        for (var started = time.GetTimestamp(); !await TryAddPartitionsAsync(name, partitions, cancellationToken).ConfigureAwait(false);)
        {
            await WaitToSpreadAsync(started, TopicDescriber.Named([name]), cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeAllAsync(CancellationToken cancellationToken)
    {
        var topics = await _describer.AllAsync(cancellationToken).ConfigureAwait(false);
        for (var started = time.GetTimestamp(); _known.Keys.Any(known => !topics.ContainsKey(known)) && time.GetElapsedTime(started) < NewLimit;)
        {
            // A broker that is just starting does not know all topics yet; one that is gone stays unknown.
            await Task.Delay(MissingPoll, time, cancellationToken).ConfigureAwait(false);
            topics = await _describer.AllAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (var gone in _known.Keys.Where(known => !topics.ContainsKey(known)))
        {
            Forget(gone);
        }

        foreach (var topic in topics.Values.Where(topic => _known.TryGetValue(topic.Name, out var known) && known.Partitions != topic.Partitions))
        {
            Forget(topic.Name);
        }

        foreach (var topic in topics.Values)
        {
            // A writer that has to ask only when it commits for the first time waits for a cluster that may just be without a controller.
            Remember(topic);
        }

        return topics.ToDictionary(topic => topic.Key, topic => topic.Value.Describe());
    }

    /// <returns>False when there are as many or more after all: the broker that told of fewer did not know them yet.</returns>
    private async ValueTask<bool> TryAddPartitionsAsync(string name, int partitions, CancellationToken cancellationToken)
    {
        var found = await _describer.OfAsync([name], cancellationToken).ConfigureAwait(false);
        if (!found.TryGetValue(name, out var topic))
        {
            throw new UnknownTopicException(name);
        }

        if (topic.Partitions > partitions)
        {
            throw new TopicMismatchException(name, "the number of partitions", $"{topic.Partitions}", $"{partitions}");
        }

        // Whoever asks a broker that has not heard of them yet would remember fewer.
        var grown = new KnownTopic(name, partitions, LargestRecord(topic));
        if (topic.Partitions == partitions)
        {
            _known[name] = grown;
            return true;
        }

        var isDone = await calls.RunAsync("Alter", $"topic '{name}'", async admin =>
        {
            try
            {
                await admin.CreatePartitionsAsync(
                    [new PartitionsSpecification { Topic = name, IncreaseTo = partitions }],
                    new CreatePartitionsOptions { RequestTimeout = ClusterCalls.RequestTimeout, OperationTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false);
                return true;
            }
            catch (CreatePartitionsException e)
            {
                return e.Results[0].Error.Code == ErrorCode.InvalidPartitions ? false : throw new KafkaException(e.Results[0].Error);
            }
        }, cancellationToken).ConfigureAwait(false);
        if (isDone)
        {
            await WaitUntilSpreadAsync([new TopicSpec(name, partitions)], cancellationToken).ConfigureAwait(false);
            _known[name] = grown;
        }

        _made[name] = time.GetTimestamp();
        return isDone;
    }

    /// <summary>Checks the topics that are there and puts right what may be. Returns those that are missing.</summary>
    private async ValueTask<IReadOnlyCollection<TopicSpec>> CheckAsync(IReadOnlyCollection<TopicSpec> specs, CancellationToken cancellationToken)
    {
        var found = await _describer.OfAsync([.. specs.Select(spec => spec.Name)], cancellationToken).ConfigureAwait(false);
        var differences = specs.Where(spec => found.ContainsKey(spec.Name)).SelectMany(spec => TopicCheck.Run(found[spec.Name], spec, options, logger)).ToArray();
        if (differences.Length > 0)
        {
            await AlignAsync(differences, cancellationToken).ConfigureAwait(false);
        }

        return [.. specs.Where(spec => !found.ContainsKey(spec.Name))];
    }

    private async ValueTask<KnownTopic> FindAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await _describer.OfAsync([name], cancellationToken).ConfigureAwait(false);
            if (found.TryGetValue(name, out var topic))
            {
                return Remember(topic);
            }

            if (!IsNew(name))
            {
                throw new UnknownTopicException(name);
            }

            await Task.Delay(MissingPoll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private KnownTopic Remember(ClusterTopic topic) => _known.GetOrAdd(
        topic.Name, static (name, found) => new KnownTopic(name, found.Partitions, LargestRecord(found)), topic);

    /// <summary>In bytes; without a limit where the principal is not shown the topic's settings.</summary>
    private static int LargestRecord(ClusterTopic topic) => topic.Config is null ? int.MaxValue : topic.Describe().Spec.MaxMessageBytes;

    /// <summary>Puts settings right that break nothing; a principal that may not is content with telling of them.</summary>
    private async ValueTask AlignAsync(IReadOnlyCollection<TopicDifference> differences, CancellationToken cancellationToken)
    {
        foreach (var (topic, setting, found, wanted) in differences)
        {
            KafkaLog.Differs(logger, topic, setting, found, wanted);
        }

        var changes = differences.GroupBy(difference => difference.Topic, StringComparer.Ordinal).ToDictionary(
            topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Key },
            topic => topic.Select(difference => new ConfigEntry { Name = difference.Setting, Value = difference.Wanted, IncrementalOperation = AlterConfigOpType.Set }).ToList());
        await calls.RunAsync("AlterConfigs", "the topics", async admin =>
        {
            try
            {
                await admin.IncrementalAlterConfigsAsync(changes, new IncrementalAlterConfigsOptions { RequestTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false);
            }
            catch (IncrementalAlterConfigsException e) when (e.Results.TrueForAll(result => !result.Error.IsError || KafkaFaults.IsAuthorization(result.Error)))
            {
            }

            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes topics. Returns those that are to be looked at again: they were there already, since another gateway may be making them at
    /// the same moment, or this principal may make none, and somebody else may just have.
    /// </summary>
    private async ValueTask<IReadOnlyCollection<TopicSpec>> CreateAsync(IReadOnlyCollection<TopicSpec> specs, long started, CancellationToken cancellationToken)
    {
        var others = await calls.RunAsync<IReadOnlyCollection<TopicSpec>>("Create", Named(specs), async admin =>
        {
            try
            {
                await admin.CreateTopicsAsync(
                    specs.Select(spec => new TopicSpecification
                    {
                        Name = spec.Name,
                        NumPartitions = spec.Partitions,
                        ReplicationFactor = (short)options.ReplicationFactor,
                        Configs = TopicConfig.Of(spec, options.MinInSyncReplicas),
                    }),
                    new CreateTopicsOptions { RequestTimeout = ClusterCalls.RequestTimeout, OperationTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false);
            }
            catch (CreateTopicsException e)
            {
                if (e.Results.Find(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists) is { } failed)
                {
                    if (KafkaFaults.IsAuthorization(failed.Error) && time.GetElapsedTime(started) < options.SetUpLimit)
                    {
                        return specs;
                    }

                    throw KafkaFaults.IsAuthorization(failed.Error)
                        ? KafkaFaults.NotSetUp(options.Principal, Named(specs), e)
                        : new KafkaException(new Error(failed.Error.Code, $"topic '{failed.Topic}': {failed.Error.Reason}"));
                }

                return [.. specs.Where(spec => e.Results.Exists(result => result.Topic == spec.Name && result.Error.Code == ErrorCode.TopicAlreadyExists))];
            }

            return [];
        }, cancellationToken).ConfigureAwait(false);
        var made = specs.Except(others).ToArray();
        if (made.Length > 0)
        {
            await WaitUntilSpreadAsync(made, cancellationToken).ConfigureAwait(false);
        }

        foreach (var spec in specs)
        {
            _made[spec.Name] = time.GetTimestamp();
        }

        foreach (var spec in made)
        {
            KafkaLog.Created(logger, spec.Name, spec.Partitions);
        }

        return others;
    }

    /// <summary>A topic is of use once brokers tell of it and every partition has a leader.</summary>
    private async ValueTask WaitUntilSpreadAsync(TopicSpec[] specs, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var described = await _describer.TopicsAsync([.. specs.Select(spec => spec.Name)], cancellationToken).ConfigureAwait(false);
            if (described.TrueForAll(topic => topic.Error.Code == ErrorCode.NoError && topic.Partitions.TrueForAll(partition => partition.Leader is { Id: >= 0 })
                && specs.First(spec => spec.Name == topic.Name).Partitions <= topic.Partitions.Count))
            {
                return;
            }

            await WaitToSpreadAsync(started, Named(specs), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitToSpreadAsync(long started, string topics, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(started) > SpreadLimit)
        {
            throw new LogUnavailableException($"The cluster has made {topics}, but not every broker knows of it, or not every partition has a leader yet.");
        }

        await Task.Delay(SpreadPoll, time, cancellationToken).ConfigureAwait(false);
    }

    private static string Named(IReadOnlyCollection<TopicSpec> specs) => TopicDescriber.Named([.. specs.Select(spec => spec.Name)]);
}
