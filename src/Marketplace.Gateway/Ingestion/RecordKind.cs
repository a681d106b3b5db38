using System.Text.Json;

namespace Marketplace.Gateway.Ingestion;

/// <summary>A kind of record that is taken in over HTTP: its rules, where it goes, and what its sender calls it.</summary>
internal abstract class RecordKind
{
    public abstract string Topic { get; }

    /// <summary>The field that holds the record's id, by which answers name it.</summary>
    public abstract JsonEncodedText IdField { get; }

    /// <summary>What one of them is called in messages, and what several are.</summary>
    public abstract (string One, string Many) Noun { get; }

    /// <summary>The largest, in bytes as sent.</summary>
    public abstract int MaxBytes { get; }

    /// <summary>Keeps out what is in the log already; null where the same again is a new record.</summary>
    public virtual IAdmission? Admission => null;

    public abstract RecordCheck Check(ReadOnlyMemory<byte> json);

    /// <summary>Checks the value that a JSON text begins with, whatever follows it.</summary>
    /// <param name="length">The value's bytes.</param>
    /// <exception cref="JsonException">The text does not begin with a JSON value.</exception>
    public abstract RecordCheck CheckNext(ReadOnlyMemory<byte> json, out int length);
}

/// <param name="Id">In UTF-8; of a refused record whatever stands there, and empty when there is nothing.</param>
/// <param name="Key">The key of the log's record.</param>
/// <param name="Errors">By field path; null when valid.</param>
internal readonly record struct RecordCheck(ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> Key, IReadOnlyDictionary<string, string[]>? Errors)
{
    public bool IsValid => Errors is null;
}

/// <summary>Decides which records of a batch are new.</summary>
internal interface IAdmission
{
    /// <summary>
    /// Marks what is known already (<see cref="IngestionBatch.MarkKnown"/>, <see cref="IngestionBatch.MarkRepeated"/>) and holds the
    /// new ids until the result is disposed. Waits for another batch that is bringing one of the ids; holds nothing while it waits.
    /// </summary>
    ValueTask<IAdmitted> AdmitAsync(IngestionBatch batch);
}

/// <summary>The new ids of a batch on their way into the log. Disposed without <see cref="Written"/>, they are free again.</summary>
internal interface IAdmitted : IDisposable
{
    /// <param name="positions">Of the batch's records, in order.</param>
    void Written(IReadOnlyList<Marketplace.EventLog.RecordPosition> positions);
}
