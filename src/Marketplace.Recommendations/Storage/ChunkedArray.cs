using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Storage;

/// <summary>
/// A growing array for one writer and many readers without locks: chunks never move, so growing copies no element.
/// A chunk exists once something in it was written; what was never written reads as default.
/// </summary>
public sealed class ChunkedArray<T>
{
    private const int Bits = 12;
    public const int ChunkLength = 1 << Bits;
    private const int Mask = ChunkLength - 1;

    private T[]?[] _chunks = [];

    /// <summary>For readers; a struct wider than a word may be seen half written.</summary>
    public T? Read(int index)
    {
        var chunks = Volatile.Read(ref _chunks);
        var at = index >> Bits;
        return at < chunks.Length && Volatile.Read(ref chunks[at]) is { } chunk ? chunk[index & Mask] : default;
    }

    /// <summary>For the writer.</summary>
    public ref T At(int index)
    {
        var at = index >> Bits;
        if (at >= _chunks.Length)
        {
            var grown = new T[Math.Max(at + 1, _chunks.Length * 2)][];
            _chunks.CopyTo(grown, 0);
            Volatile.Write(ref _chunks, grown);
        }

        if (_chunks[at] is null)
        {
            Volatile.Write(ref _chunks[at], new T[ChunkLength]);
        }

        return ref _chunks[at]![index & Mask];
    }

    /// <summary>For the writer: the chunks up to the last that exists.</summary>
    public ReadOnlySpan<T[]?> Chunks
    {
        get
        {
            var count = _chunks.Length;
            while (count > 0 && _chunks[count - 1] is null)
            {
                count--;
            }

            return _chunks.AsSpan(0, count);
        }
    }

    /// <summary>For the writer: nothing was written from here on.</summary>
    public int Extent => Chunks.Length << Bits;
}

/// <summary>Chunks in snapshots: how many there may be, then each one's presence and content.</summary>
public static class ChunkedArraySnapshot
{
    public static void Save<T>(this ChunkedArray<T> array, SnapshotWriter writer)
        where T : unmanaged
    {
        writer.Write(array.Chunks.Length);
        foreach (var chunk in array.Chunks)
        {
            writer.Write(chunk is not null);
            writer.Write<T>(chunk);
        }
    }

    public static void Load<T>(this ChunkedArray<T> array, SnapshotReader reader)
        where T : unmanaged
    {
        var count = reader.ReadCount();
        for (var at = 0; at < count; at++)
        {
            if (reader.Read<bool>())
            {
                array.At(at * ChunkedArray<T>.ChunkLength);
                reader.Read(array.Chunks[at].AsSpan());
            }
        }
    }
}
