using Marketplace.Search.Segments;
using Marketplace.Search.Snapshots;
using Marketplace.Search.Sources;
using Marketplace.Snapshots;

namespace Marketplace.Search;

/// <summary>The index on the disk: one file beside the files of the products' bytes, checked by sums, replaced whole or not at all.</summary>
public sealed partial class SearchIndex
{
    private const int Version = 5;

    private readonly Lock _saveLock = new();

    /// <summary>
    /// Publishes every change and writes the index, while the writer and readers go on. The file refers to the products' bytes in
    /// <see cref="SearchIndexOptions.SourceFolder"/>, without which it says nothing.
    /// </summary>
    /// <param name="tag">Kept with it: up to where in a log it reaches; asked for once all changes up to now are in the snapshot and none after.</param>
    /// <exception cref="InvalidOperationException">The products' bytes are kept in memory.</exception>
    public void Save(string path, Func<byte[]> tag)
    {
        if (_options.SourceFolder is null)
        {
            throw new InvalidOperationException("An index that keeps products' bytes in memory cannot be saved.");
        }

        lock (_saveLock)
        {
            byte[] tagged;
            TablesSnapshot tables;
            SegmentView[] segments;
            List<(SavedChunk Saved, FileChunk Chunk)> chunks;
            lock (_lock)
            {
                PublishChanges();
                tagged = tag();
                tables = new TablesSnapshot(_tables);
                segments = _segments.Views();
                chunks = _sources.BeginSave();
            }

            var isWritten = false;
            try
            {
                Write(path, tagged, tables, segments, chunks);
                isWritten = true;
            }
            finally
            {
                _sources.EndSave(isWritten);
            }
        }
    }

    /// <summary>Reads an index that <see cref="Save"/> wrote.</summary>
    /// <param name="options">With the source folder of then; with another ranking the snapshot does not fit.</param>
    /// <exception cref="InvalidDataException">The snapshot or the products' bytes are damaged, or not of this version and ranking.</exception>
    public static SearchIndex Load(Stream snapshot, SearchIndexOptions options, out byte[] tag, TimeProvider? time = null)
    {
        var input = new SnapshotReader(snapshot);
        if (input.Read<int>() != Version || input.ReadText() != options.Ranking.ToString())
        {
            throw new InvalidDataException("The snapshot is of another version or ranking.");
        }

        tag = input.ReadArray<byte>();
        var generation = input.Read<long>();
        var saved = input.ReadArray<SavedChunk>();
        var sources = Task.Run(() => OpenSources(options, saved));
        var tables = new IndexTables();
        var terms = TablesSnapshot.Read(input, tables);
        var reading = new Task<SegmentView>[input.Read<int>()];
        for (var i = 0; i < reading.Length; i++)
        {
            reading[i] = SegmentSnapshot.Read(input);
        }

        input.Complete();
        Task.WhenAll([terms, sources, .. reading]).GetAwaiter().GetResult();
        SegmentView[] segments = [.. reading.Select(task => task.Result)];
        TablesSnapshot.CountUses(tables, segments);
        var index = new SearchIndex(options, time, sources.Result, tables, segments, generation);
        index._segments.RefreshPopularity(options.Popularity);
        return index;
    }

    private static SourceStore OpenSources(SearchIndexOptions options, IReadOnlyList<SavedChunk> saved)
    {
        try
        {
            return new SourceStore(options.SourceFolder, saved);
        }
        catch (AggregateException e)
        {
            throw new InvalidDataException("The products' bytes of the snapshot are missing or damaged.", e);
        }
    }

    private void Write(string path, byte[] tag, TablesSnapshot tables, SegmentView[] segments, List<(SavedChunk Saved, FileChunk Chunk)> chunks)
    {
        foreach (var (saved, chunk) in chunks)
        {
            chunk.FlushToDisk(saved.Length);
        }

        StateFile.Write(path, file =>
        {
            var output = new SnapshotWriter(file);
            output.Write(Version);
            output.WriteText(_options.Ranking.ToString());
            output.WriteArray<byte>(tag);
            output.Write(_snapshot.Generation);
            output.WriteArray<SavedChunk>(chunks.Select(c => c.Saved).ToArray());
            tables.Write(output);
            output.Write(segments.Length);
            foreach (var segment in segments)
            {
                SegmentSnapshot.Write(output, segment);
            }

            output.Complete();
        });
    }
}
