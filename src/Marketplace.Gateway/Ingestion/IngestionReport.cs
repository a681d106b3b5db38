using System.Text.Json;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Ingestion;

/// <summary>
/// The answer to many records. Up to <see cref="MaxListed"/> it lists each; beyond that only what was refused, the
/// first <see cref="MaxRefusedListed"/>, so that a stream without end needs no memory without end.
/// </summary>
internal sealed class IngestionReport(RecordKind kind)
{
    public const int MaxListed = 10_000;
    public const int MaxRefusedListed = 1_000;

    private List<IngestionResult> _results = [];
    private List<IngestionResult> _refused = [];

    public long Accepted { get; private set; }

    /// <summary>Those that were in the log already; counted only where the kind knows them.</summary>
    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

    public IngestionCounts Counts => new(Accepted, Duplicates, Rejected);

    /// <summary>The index of the first record that is not known to be durable.</summary>
    public long Next => Accepted + Duplicates + Rejected;

    /// <summary>True while taken records are listed one by one, and their ids are wanted.</summary>
    public bool ListsAccepted => Next < MaxListed;

    public int Status => Rejected == 0
        ? StatusCodes.Status202Accepted
        : Accepted + Duplicates > 0 ? StatusCodes.Status207MultiStatus : StatusCodes.Status400BadRequest;

    /// <summary>Adds results in the order of their index.</summary>
    public void Add(in IngestionResult result)
    {
        if (result.Errors is not null)
        {
            Rejected++;
            if (_refused.Count < MaxRefusedListed)
            {
                _refused.Add(result);
            }
        }
        else if (result.IsDuplicate)
        {
            Duplicates++;
        }
        else
        {
            Accepted++;
        }

        if (Next <= MaxListed)
        {
            _results.Add(result);
        }
        else
        {
            _results = _refused;
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    public Problem NoneTaken() => new(StatusCodes.Status400BadRequest, $"None of the {kind.Noun.Many} is valid.") { Extensions = WriteMembers };

    /// <summary>All before <c>next_index</c> is durable.</summary>
    public Problem Broken(string detail, TimeSpan retryAfter) => new(StatusCodes.Status503ServiceUnavailable, detail)
    {
        RetryAfter = retryAfter,
        Extensions = writer =>
        {
            WriteCounts(writer);
            writer.WriteNumber("next_index", Next);
        },
    };

    private void WriteMembers(Utf8JsonWriter writer)
    {
        WriteCounts(writer);
        writer.WriteStartArray("results");
        foreach (var result in _results)
        {
            result.WriteTo(writer, kind.IdField);
        }

        writer.WriteEndArray();
    }

    private void WriteCounts(Utf8JsonWriter writer)
    {
        writer.WriteNumber("accepted", Accepted);
        if (kind.Admission is not null)
        {
            writer.WriteNumber("duplicates", Duplicates);
        }

        writer.WriteNumber("rejected", Rejected);
    }
}
