using Marketplace.EventLog;

namespace Marketplace.Gateway.Ingestion;

/// <summary>Appends the new records of a batch.</summary>
internal static class RecordWriter
{
    /// <summary>Completes when all that is new in the batch is durable; returns where it stands.</summary>
    public static async Task<RecordPosition[]> WriteAsync(this IEventLog log, RecordKind kind, IngestionBatch batch)
    {
        if (kind.Admission is null || batch.Records.IsEmpty)
        {
            return batch.Records.IsEmpty ? [] : await AppendAsync(log, kind, batch);
        }

        using var admitted = await kind.Admission.AdmitAsync(batch);
        var positions = batch.Records.IsEmpty ? [] : await AppendAsync(log, kind, batch);
        admitted.Written(positions);
        return positions;
    }

    /// <summary>Once valid it is written, also when the client has gone: half a cancellation would say nothing more certain.</summary>
    private static ValueTask<RecordPosition[]> AppendAsync(IEventLog log, RecordKind kind, IngestionBatch batch) =>
        log.AppendAsync(kind.Topic, batch.Records, CancellationToken.None);
}
