using System.Globalization;

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

    // The chunks that snapshots on the disk refer to: of the last one, and of the one being written.
    private HashSet<int> _saved = [];
    private HashSet<int> _saving = [];

    /// <param name="saved">Chunks of an earlier process, in the order of their numbers; all other files of the folder are removed.</param>
    /// <exception cref="InvalidDataException">A chunk is not what was saved.</exception>
    public SourceStore(string? folder, IReadOnlyList<SavedChunk>? saved = null)
    {
        _folder = folder;
        if (folder is null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var known = saved ?? [];
        _count = known.Count == 0 ? 0 : known[^1].Number + 1;
        _chunks = new SourceChunk?[Math.Max(16, _count)];
        Parallel.ForEach(known, chunk => _chunks[chunk.Number] = FileChunk.Open(PathOf(chunk.Number), chunk));
        _saved = [.. known.Select(c => c.Number)];
        var kept = _saved.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var left in Directory.EnumerateFiles(folder, "source-*.bin").Where(file => !kept.Contains(file)))
        {
            File.Delete(left);
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
                    if (chunk is FileChunk file && !_saved.Contains(i) && !_saving.Contains(i))
                    {
                        File.Delete(file.Path);
                    }
                }
            }

            return _chunks;
        }
    }

    /// <summary>Takes down what chunks there are, for a snapshot; their files stay until <see cref="EndSave"/>.</summary>
    public List<(SavedChunk Saved, FileChunk Chunk)> BeginSave()
    {
        lock (_lock)
        {
            var chunks = new List<(SavedChunk, FileChunk)>();
            for (var i = 0; i < _count; i++)
            {
                if (_chunks[i] is FileChunk chunk)
                {
                    chunk.Flush();
                    chunks.Add((new SavedChunk(i, chunk.Length, chunk.Dead, chunk.Crc), chunk));
                }
            }

            _saving = [.. chunks.Select(c => c.Item1.Number)];
            return chunks;
        }
    }

    /// <summary>Removes the files that only an older snapshot referred to, or, when it was not written, only the new one.</summary>
    public void EndSave(bool isWritten)
    {
        lock (_lock)
        {
            var (kept, other) = isWritten ? (_saving, _saved) : (_saved, _saving);
            foreach (var number in other.Where(n => !kept.Contains(n) && _chunks[n] is null))
            {
                File.Delete(PathOf(number));
            }

            (_saved, _saving) = (kept, []);
        }
    }

    public void MarkDead(in SourcePointer pointer) => _chunks[pointer.Chunk]!.AddDead(pointer.Length);

    /// <summary>True when more than half of a chunk that takes no more is dead.</summary>
    public bool IsMostlyDead(SourceChunk chunk) => chunk.Dead * 2 > chunk.Length && chunk != _chunks[Volatile.Read(ref _count) - 1];

    private string PathOf(int number) => Path.Combine(_folder!, string.Create(CultureInfo.InvariantCulture, $"source-{number}.bin"));

    private SourceChunk AddChunk(int atLeast)
    {
        if (_count == _chunks.Length)
        {
            var chunks = _chunks;
            Array.Resize(ref chunks, _count * 2);
            _chunks = chunks;
        }

        _capacity = Math.Max(atLeast, _folder is null ? MemoryChunkSize : FileChunkSize);
        SourceChunk added = _folder is null ? new MemoryChunk(_capacity) : new FileChunk(PathOf(_count), _capacity);
        _chunks[_count] = added;
        Volatile.Write(ref _count, _count + 1);
        return added;
    }
}
