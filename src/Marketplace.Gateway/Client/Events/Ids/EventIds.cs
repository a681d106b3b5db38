using System.IO.Hashing;
using System.Security.Cryptography;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Client.Events.Ids;

/// <summary>
/// Every event id of the log and where its first record stands, so that the same event counts once, whenever it comes again. A
/// log-structured merge tree (O'Neil et al. 1996): the newest ids in memory, the others in sorted files. What is in memory is
/// read from the log again after a crash. Written by the feed of the topic, asked by any thread.
/// </summary>
internal sealed class EventIds
{
    /// <summary>Ids in memory before they become a run: some 25 MB.</summary>
    private const int MaxRecent = 1 << 19;
    private const int MergeFactor = 8;

    /// <summary>Fewer are read again sooner than they would be written.</summary>
    private const int WorthKeeping = 20_000;

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Guid _topic;
    private readonly long _seed;
    private readonly int _maxRecent;
    private readonly long[] _positions;
    private Dictionary<UInt128, RecordPosition> _recent = [];
    private EventIdRun[] _runs;
    private Task _merging = Task.CompletedTask;
    private int _made;

    private EventIds(string folder, EventIdManifest manifest, EventIdRun[] runs, int maxRecent)
    {
        (_folder, _topic, _seed, _positions, _runs, _maxRecent) = (folder, manifest.Topic, manifest.Seed, manifest.Positions, runs, maxRecent);
        _made = runs.Length == 0 ? 0 : runs.Max(run => int.Parse(Path.GetFileNameWithoutExtension(run.Path), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The runs of the folder; none when they are damaged or of another log, and then all is read again.</summary>
    /// <param name="ends">By partition: the end of the topic now.</param>
    public static EventIds Open(string folder, Guid topic, long[] ends, int maxRecent = MaxRecent)
    {
        Directory.CreateDirectory(folder);
        if (EventIdManifest.Read(folder) is { } manifest && manifest.Topic == topic && manifest.Positions.Length == ends.Length
            && manifest.Positions.Zip(ends).All(p => p.First <= p.Second))
        {
            try
            {
                var runs = manifest.Runs.Select(name => EventIdRun.Open(Path.Combine(folder, name))).ToArray();
                DeleteAllBut(folder, manifest.Runs);
                return new EventIds(folder, manifest, runs, maxRecent);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                // Read anew below.
            }
        }

        DeleteAllBut(folder, []);
        return new EventIds(folder, new EventIdManifest(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))), topic, new long[ends.Length], []), [], maxRecent);
    }

    /// <summary>By partition: every event before this offset is known without reading it again.</summary>
    public IReadOnlyList<long> Positions => _positions;

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _recent.Count + _runs.Sum(run => run.Count);
            }
        }
    }

    /// <summary>128 bits: among a billion ids two meet by chance with a probability of 10⁻²¹.</summary>
    public UInt128 HashOf(ReadOnlySpan<byte> eventId) => XxHash128.HashToUInt128(eventId, _seed);

    public RecordPosition? Find(UInt128 hash)
    {
        EventIdRun[] runs;
        lock (_gate)
        {
            if (_recent.TryGetValue(hash, out var first))
            {
                return first;
            }

            runs = _runs;
        }

        return Find(hash, runs);
    }

    /// <summary>For the feed: this record has the id. Returns the first record that has it, which may be this one.</summary>
    public RecordPosition AddOrFind(UInt128 hash, RecordPosition here)
    {
        if (Find(hash) is { } first)
        {
            return first;
        }

        lock (_gate)
        {
            _recent.Add(hash, here);
        }

        return here;
    }

    /// <summary>For the feed, between two batches: everything before these offsets has been added.</summary>
    public void Reached(ReadOnlySpan<long> positions)
    {
        if (_recent.Count >= _maxRecent)
        {
            Flush(positions);
        }
    }

    /// <summary>For the feed, when it ends: what is in memory is kept where that saves reading, and what is under way is waited for.</summary>
    public Task CloseAsync(ReadOnlySpan<long> positions)
    {
        if (_recent.Count >= WorthKeeping)
        {
            Flush(positions);
        }

        return _merging;
    }

    private static RecordPosition? Find(UInt128 hash, EventIdRun[] runs)
    {
        foreach (var run in runs)
        {
            if (run.Find(hash) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private void Flush(ReadOnlySpan<long> positions)
    {
        var sorted = _recent.Select(pair => new EventIdEntry(pair.Key, pair.Value)).ToArray();
        Array.Sort(sorted);
        var run = Make([sorted]);
        lock (_gate)
        {
            for (var partition = 0; partition < _positions.Length; partition++)
            {
                _positions[partition] = Math.Max(_positions[partition], positions[partition]);
            }

            _runs = [.. _runs, run];
            _recent = [];
            WriteManifest();
        }

        if (_merging.IsCompleted && Mergeable() is { } runs)
        {
            _merging = Task.Run(() => Merge(runs));
        }
    }

    /// <summary>Runs of about the same size, as soon as there are enough of them.</summary>
    private EventIdRun[]? Mergeable() =>
        _runs.GroupBy(run => (int)Math.Log(Math.Max(1, run.Count / (double)_maxRecent), MergeFactor)).FirstOrDefault(tier => tier.Count() >= MergeFactor)?.ToArray();

    private void Merge(EventIdRun[] runs)
    {
        var merged = Make(EventIdMerge.Merge(runs));
        lock (_gate)
        {
            _runs = [merged, .. _runs.Except(runs)];
            WriteManifest();
        }

        // Whoever is still reading one has it open; its memory goes with the last of them.
        foreach (var run in runs)
        {
            File.Delete(run.Path);
        }
    }

    private EventIdRun Make(IEnumerable<ReadOnlyMemory<EventIdEntry>> entries)
    {
        var path = Path.Combine(_folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _made):D8}.run"));
        EventIdRun.Write(path, entries);
        return EventIdRun.Open(path);
    }

    private void WriteManifest() =>
        new EventIdManifest(_seed, _topic, _positions, [.. _runs.Select(run => Path.GetFileName(run.Path))]).Write(_folder);

    private static void DeleteAllBut(string folder, string[] names)
    {
        foreach (var file in Directory.GetFiles(folder, "*.run").Where(file => !names.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }
    }
}
