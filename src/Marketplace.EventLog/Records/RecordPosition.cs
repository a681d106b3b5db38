namespace Marketplace.EventLog;

/// <summary>Where an appended record stands.</summary>
public readonly record struct RecordPosition(int Partition, long Offset);
