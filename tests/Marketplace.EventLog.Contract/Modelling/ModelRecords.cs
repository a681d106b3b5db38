using System.Text;

namespace Marketplace.EventLog.Contract.Modelling;

/// <summary>What was read, in the model's form, and its comparison with what the model has.</summary>
internal static class ModelRecords
{
    /// <summary>Every value begins with its number, so many digits wide.</summary>
    public const int NumberDigits = 10;

    public static void ShouldBe(IEnumerable<ModelRecord> read, IEnumerable<ModelRecord> expected)
    {
        var (left, right) = (read.ToList(), expected.ToList());
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            var same = left[i] with { AppendedAt = right[i].AppendedAt, Timestamp = right[i].Timestamp < 0 ? -1 : left[i].Timestamp };
            (same == right[i]).ShouldBeTrue($"read {Brief(left[i])}, expected {Brief(right[i])}");
        }

        left.Count.ShouldBe(right.Count, $"read {string.Join(' ', left.Select(Brief))}, expected {string.Join(' ', right.Select(Brief))}");
    }

    private static string Brief(ModelRecord record) => $"{record.Offset}:{record.Key}={record.Value?[..Math.Min(record.Value.Length, NumberDigits)].Trim() ?? "-"}";

    public static IEnumerable<ModelRecord> Of(RecordBatch batch)
    {
        var records = new List<ModelRecord>();
        foreach (var record in batch.Records)
        {
            records.Add(new ModelRecord(record.Offset, record.Timestamp, Text(record.Key), Text(record.Value), Convert.ToHexString(record.Headers.Encoded.Span)));
        }

        return records;
    }

    public static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } known ? Encoding.UTF8.GetString(known.Span) : null;
}
