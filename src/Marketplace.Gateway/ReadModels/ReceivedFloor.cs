namespace Marketplace.Gateway.ReadModels;

/// <summary>Before when nothing was received, by the log's clock, that a model is still to read: what older state may be given back. Used in the model's turns.</summary>
internal sealed class ReceivedFloor
{
    /// <summary>A partition that was read to its end is taken to have nothing left from before this.</summary>
    private static readonly TimeSpan MaxLag = TimeSpan.FromHours(1);

    /// <summary>By topic and partition: what was received at least (Unix milliseconds), where something is left to read.</summary>
    private readonly Dictionary<(string Topic, int Partition), long> _behind = [];

    /// <param name="reached">Up to where the model knows these topics; what is between that and the ends may be of any age.</param>
    public ReceivedFloor(ModelPositions reached, ModelPositions ends, params IEnumerable<string> topics)
    {
        foreach (var topic in topics)
        {
            for (var partition = 0; partition < ends.Topics[topic].Next.Length; partition++)
            {
                if (reached[topic, partition] < ends[topic, partition])
                {
                    _behind.Add((topic, partition), 0);
                }
            }
        }
    }

    public void Reached(string topic, FeedBatch batch)
    {
        if (batch.AtEnd)
        {
            _behind.Remove((topic, batch.Partition));
        }
        else if (batch.LastTimestamp is { } last)
        {
            _behind[(topic, batch.Partition)] = Math.Max(0, last);
        }
    }

    public DateTimeOffset At(DateTimeOffset now) =>
        DateTimeOffset.FromUnixTimeMilliseconds(_behind.Values.Append((now - MaxLag).ToUnixTimeMilliseconds()).Min());
}
