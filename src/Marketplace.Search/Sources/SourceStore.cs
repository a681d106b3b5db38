namespace Marketplace.Search.Sources;

/// <summary>
/// Keeps the shops' bytes in large chunks, out of the way of the garbage collector: in files of a folder, or in memory when none is
/// given. Products point into chunks that segments share: merging segments copies a product's bytes only out of chunks that are mostly dead.
/// </summary>
internal sealed class SourceStore
{
    private const int MemoryChunkSize = 4 * 1024 * 1024;
    private const int FileChunkSize = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly string? _folder;
    private volatile SourceChunk?[] _chunks = new SourceChunk?[16];
    private int _count;
    private int _capacity;

    public SourceStore(string? folder)
    {
        _folder = folder;
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            foreach (var left in Directory.EnumerateFiles(folder, "source-*.bin"))
            {
                File.Delete(left);
            }
        }
    }

    public SourcePointer Append(ReadOnlySpan<byte> source)
    {
        lock (_lock)
        {
            var current = _count > 0 ? _chunks[_count - 1] : null;
            if (current is null || current.Length + source.Length > _capacity)
            {
                current?.Flush();
                current = AddChunk(source.Length);
            }

            var offset = current.Length;
            current.Append(source);
            return new SourcePointer(_count - 1, offset, source.Length);
        }
    }

    /// <summary>
    /// Makes everything appended readable and returns the chunks a snapshot reads from. With <paramref name="release"/> it lets go of
    /// chunks without a living product: older snapshots keep theirs, and the last one to go takes the chunk with it.
    /// </summary>
    public SourceChunk?[] Publish(bool release)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                return _chunks;
            }

            _chunks[_count - 1]!.Flush();
            var copied = false;
            for (var i = 0; release && i < _count - 1; i++)
            {
                if (_chunks[i] is { } chunk && chunk.Dead >= chunk.Length)
                {
                    _chunks = copied ? _chunks : [.. _chunks];
                    copied = true;
                    _chunks[i] = null;
                }
            }

            return _chunks;
        }
    }

    public void MarkDead(in SourcePointer pointer) => _chunks[pointer.Chunk]!.AddDead(pointer.Length);

    /// <summary>True when more than half of a chunk that takes no more is dead.</summary>
    public bool IsMostlyDead(SourceChunk chunk) => chunk.Dead * 2 > chunk.Length && chunk != _chunks[Volatile.Read(ref _count) - 1];

    private SourceChunk AddChunk(int atLeast)
    {
        if (_count == _chunks.Length)
        {
            var chunks = _chunks;
            Array.Resize(ref chunks, _count * 2);
            _chunks = chunks;
        }

        _capacity = Math.Max(atLeast, _folder is null ? MemoryChunkSize : FileChunkSize);
        SourceChunk added = _folder is null ? new MemoryChunk(_capacity) : new FileChunk(Path.Combine(_folder, $"source-{_count}.bin"), _capacity);
        _chunks[_count] = added;
        Volatile.Write(ref _count, _count + 1);
        return added;
    }
}
