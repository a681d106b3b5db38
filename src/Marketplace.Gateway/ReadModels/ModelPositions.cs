using System.Text.Json;
using System.Text.Json.Serialization;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.ReadModels;

/// <summary>Up to where in its topics a model's state reaches. Of a topic that was made anew nothing is known.</summary>
internal sealed class ModelPositions
{
    private static readonly string[] Sources = [TopicNames.FilteredProducts, TopicNames.ClientEvents, TopicNames.ClientQueries];

    [JsonConstructor]
    public ModelPositions(Dictionary<string, TopicPositions> topics) => Topics = topics;

    public Dictionary<string, TopicPositions> Topics { get; }

    public long this[string topic, int partition]
    {
        get => Volatile.Read(ref Topics[topic].Next[partition]);
        set => Volatile.Write(ref Topics[topic].Next[partition], value);
    }

    /// <summary>Where the models' topics end now: what a snapshot says beyond that is of another log.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic, or the broker that was asked does not know it yet.</exception>
    public static async Task<ModelPositions> EndsOfAsync(IEventLog log, CancellationToken cancellationToken)
    {
        var descriptions = await log.DescribeTopicsAsync(cancellationToken);
        var ends = new Dictionary<string, TopicPositions>();
        foreach (var topic in Sources)
        {
            var found = descriptions.GetValueOrDefault(topic) ?? throw new UnknownTopicException(topic);
            var next = new long[found.Spec.Partitions];
            for (var partition = 0; partition < next.Length; partition++)
            {
                next[partition] = (await log.GetRangeAsync(new TopicPartition(topic, partition), cancellationToken)).End;
            }

            ends.Add(topic, new TopicPositions(found.Id, next));
        }

        return new ModelPositions(ends);
    }

    /// <summary>Null when the bytes are none.</summary>
    public static ModelPositions? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelPositions>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>These topics, with nothing read.</summary>
    public ModelPositions AtBeginOf(params IEnumerable<string> topics) =>
        new(topics.ToDictionary(topic => topic, topic => Topics[topic] with { Next = new long[Topics[topic].Next.Length] }));

    /// <summary>Whether these are positions in this log and not in another, or in an older copy of it.</summary>
    public bool FitsIn(ModelPositions ends) =>
        Topics.All(own => ends.Topics.TryGetValue(own.Key, out var end) && own.Value.Id == end.Id && own.Value.Next.Length == end.Next.Length
            && own.Value.Next.Zip(end.Next).All(p => p.First <= p.Second));

    /// <param name="Next">By partition: the next offset.</param>
    public sealed record TopicPositions(Guid Id, long[] Next);
}
