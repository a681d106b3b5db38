namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>What the consumer's thread hands to its reader.</summary>
/// <param name="Epoch">The partition's epoch when this was read; an older one than the reader's is what was before a seek.</param>
internal sealed record Delivery(TopicPartition Partition, int Epoch, RecordBatch? Batch, Exception? Fault);
