using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>What the engine logs.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(Message = "{Client} {Facility}: {Message}")]
    public static partial void Client(ILogger logger, LogLevel level, string client, string facility, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "'{Principal}' reaches no broker of '{Servers}': {Reason}")]
    public static partial void Unreachable(ILogger logger, string principal, string servers, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic '{Topic}': {Setting} is {Found}, wanted {Wanted}")]
    public static partial void Differs(ILogger logger, string topic, string setting, string found, string wanted);

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic '{Topic}' made with {Partitions} partitions")]
    public static partial void Created(ILogger logger, string topic, int partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The producer of '{Principal}' is made anew: {Reason}")]
    public static partial void ProducerRetired(ILogger logger, string principal, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The writer '{Name}' could not commit ({Reason}); the transaction is taken back")]
    public static partial void CommitFailed(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The writer '{Name}' commits again")]
    public static partial void CommitsAgain(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client of writer '{Name}' has not returned from sending positions for {Time}; it is left to itself and made anew")]
    public static partial void CommitStuck(ILogger logger, string name, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster does not say how the transaction of writer '{Name}' ended ({Reason}); it is asked again")]
    public static partial void CommitUnanswered(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster takes no appends of '{Principal}'; none is tried for {Break}")]
    public static partial void CircuitOpened(ILogger logger, string principal, TimeSpan @break);

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster takes appends of '{Principal}' again")]
    public static partial void CircuitClosed(ILogger logger, string principal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading goes on after: {Reason}")]
    public static partial void ReadTrouble(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Group '{Group}': {Kind} {Partitions}")]
    public static partial void Rebalanced(ILogger logger, string group, string kind, string partitions);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Group '{Group}': {Kind} {Partitions}, under way")]
    public static partial void Rebalancing(ILogger logger, string group, string kind, string partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A Kafka client did not close in time and is left to itself")]
    public static partial void NotClosed(ILogger logger);
}
