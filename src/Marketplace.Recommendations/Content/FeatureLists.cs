using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Content;

/// <summary>
/// Each item's features, packed one after another: a header (capacity and length), then a field and a feature number each.
/// A reader that meets a change sees a mixture of old and new features, never anything else.
/// </summary>
internal sealed class FeatureLists
{
    private const int ChunkBits = 14;
    private const int ChunkLength = 1 << ChunkBits;
    private const int Granularity = 4;
    private const int FieldShift = FeatureTable.IdBits;
    private const int IdMask = (1 << FieldShift) - 1;

    /// <summary>By item: where its list stands, plus one; 0: nowhere.</summary>
    private readonly ChunkedArray<int> _starts = new();
    private readonly ChunkedArray<int[]> _chunks = new();
    private int _end;

    public static int Pack(FeatureField field, int id) => ((int)field << FieldShift) | id;

    public static FeatureField FieldOf(int packed) => (FeatureField)(packed >> FieldShift);

    public static int IdOf(int packed) => packed & IdMask;

    /// <summary>Packed features of the item.</summary>
    public ReadOnlySpan<int> Of(int item)
    {
        var start = _starts.Read(item) - 1;
        if (start < 0)
        {
            return [];
        }

        var chunk = _chunks.Read(start >> ChunkBits)!;
        var at = start & (ChunkLength - 1);
        return chunk.AsSpan(at + 1, Volatile.Read(ref chunk[at]) & 0xffff);
    }

    public void Set(int item, ReadOnlySpan<int> packed)
    {
        var start = _starts.Read(item) - 1;
        var capacity = start < 0 ? 0 : _chunks.Read(start >> ChunkBits)![start & (ChunkLength - 1)] >> 16;
        if (packed.Length > capacity || start < 0)
        {
            // What stood there is given up: at most a few lists an item, since capacities grow and features are limited.
            capacity = Math.Max(Granularity, (packed.Length + Granularity) / Granularity * Granularity) - 1;
            start = Allocate(capacity + 1);
        }

        var chunk = _chunks.Read(start >> ChunkBits)!;
        var at = start & (ChunkLength - 1);
        packed.CopyTo(chunk.AsSpan(at + 1));
        Volatile.Write(ref chunk[at], (capacity << 16) | packed.Length);
        Volatile.Write(ref _starts.At(item), start + 1);
    }

    public void Save(SnapshotWriter writer)
    {
        _starts.Save(writer);
        writer.Write(_end);
        for (var chunk = 0; chunk << ChunkBits < _end; chunk++)
        {
            writer.Write<int>(_chunks.Read(chunk));
        }
    }

    public void Load(SnapshotReader reader)
    {
        _starts.Load(reader);
        _end = reader.ReadCount();
        for (var chunk = 0; chunk << ChunkBits < _end; chunk++)
        {
            reader.Read((_chunks.At(chunk) = new int[ChunkLength]).AsSpan());
        }
    }

    private int Allocate(int length)
    {
        if ((_end & (ChunkLength - 1)) + length > ChunkLength)
        {
            _end = checked(((_end >> ChunkBits) + 1) << ChunkBits);
        }

        ref var chunk = ref _chunks.At(_end >> ChunkBits);
        if (chunk is null)
        {
            Volatile.Write(ref chunk, new int[ChunkLength]);
        }

        var start = _end;
        _end += length;
        return start;
    }
}
