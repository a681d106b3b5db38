namespace Marketplace.EventLog.Contract.Modelling;

/// <summary>Something done to the log under test and to the model. Topics, readers and places are numbers, so that any part of a sequence makes sense without the rest.</summary>
internal abstract record Operation;

/// <param name="Key">Null for none.</param>
/// <param name="Size">Of the value; null for a tombstone.</param>
/// <param name="Age">Milliseconds before now that its timestamp says; null for none of its own.</param>
internal sealed record Item(int Topic, int Partition, string? Key, int? Size, bool HasHeader, int? Age);

internal sealed record Append(int Topic, Item[] Items) : Operation
{
    public override string ToString() => $"append to {Topic}: {string.Join(", ", Items.AsEnumerable())}";
}

/// <param name="Position">A position of partition 0 of topic 0 for the group, or null.</param>
internal sealed record Commit(Item[] Items, int? Position, bool Derives, bool IsRefused) : Operation
{
    public override string ToString() => $"commit{(IsRefused ? " (refused)" : "")}, position {Position}, derives {Derives}: {string.Join(", ", Items.AsEnumerable())}";
}

/// <summary>One batch by one of the readers, if it has something to read.</summary>
internal sealed record Read(int Reader) : Operation;

/// <param name="Part">Where in the partition's range, in thousandths.</param>
internal sealed record Seek(int Reader, int Partition, int Part) : Operation;

internal sealed record CheckPartition(int Topic, int Partition, int BatchBytes) : Operation;

internal sealed record Maintain : Operation;

internal sealed record PassTime(TimeSpan By) : Operation;

internal sealed record Reopen : Operation;
