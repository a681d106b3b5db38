namespace Marketplace.Gateway.Topics;

/// <param name="Partitions">Partitions of the topics that are split by key (<c>EventLog:Partitions</c>).</param>
public sealed record TopicSettings(int Partitions);
