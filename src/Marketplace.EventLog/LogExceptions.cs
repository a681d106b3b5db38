namespace Marketplace.EventLog;

/// <summary>Base of what an event log reports; the message is fit for an operator.</summary>
public abstract class EventLogException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The log cannot take this now (disk full, cluster away) and may again later; readers go on where they can.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : EventLogException(message, inner)
{
    /// <summary>When trying again makes sense.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The log refuses who asks: a name, a password or a right has to be mended.</summary>
    public bool IsDenied { get; init; }
}

/// <summary>The log is damaged or failed for good; the process has to stop.</summary>
public sealed class LogFailedException(string message, Exception? inner = null) : EventLogException(message, inner);

/// <summary>Another writer of the same name, or another member of the group, has taken over.</summary>
public sealed class WriterFencedException(string message) : EventLogException(message);

public sealed class UnknownTopicException(string topic) : EventLogException($"There is no topic '{topic}'.")
{
    public string Topic { get; } = topic;
}

public sealed class TopicMismatchException(string topic, string setting, string found, string wanted)
    : EventLogException($"Topic '{topic}': {setting} is {found}, wanted {wanted}.");

public sealed class RecordTooLargeException(string topic, long size, int limit)
    : EventLogException($"A record of {size} bytes exceeds the {limit} bytes of topic '{topic}'.")
{
    /// <summary>The topic whose limit it is; of a batch for several topics, that of one of the records that are too large.</summary>
    public string Topic { get; } = topic;
}

public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset, OffsetRange range)
    : EventLogException($"Offset {offset} of {partition} is outside {range.Begin}..{range.End}.")
{
    public TopicPartition Partition { get; } = partition;

    public OffsetRange Range { get; } = range;
}
