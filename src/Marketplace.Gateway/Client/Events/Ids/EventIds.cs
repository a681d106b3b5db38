using System.IO.Hashing;
using System.Security.Cryptography;
using Marketplace.EventLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Gateway.Client.Events.Ids;

/// <summary>
/// Every event id of the log and where its first record stands, so that the same event counts once, whenever it comes again. A
/// log-structured merge tree (O'Neil et al. 1996): the newest ids in memory, the others in sorted files. What is in memory is
/// read from the log again after a crash. Written by the feed of the topic, asked by any thread.
/// </summary>
internal sealed partial class EventIds
{
    /// <summary>Ids in memory before they become a run: some 25 MB.</summary>
    private const int MaxRecent = 1 << 19;
    private const int MergeFactor = 8;

    /// <summary>Fewer are read again sooner than they would be written.</summary>
    private const int WorthKeeping = 20_000;

    /// <summary>From one attempt to write to the next, while the disk takes nothing.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Guid _topic;
    private readonly long _seed;
    private readonly int _maxRecent;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long[] _positions;
    private Dictionary<UInt128, RecordPosition> _recent = [];
    private EventIdRun[] _runs;
    private Task _merging = Task.CompletedTask;
    private int _made;

    /// <summary>When writing is tried again; null while the disk takes what it is given.</summary>
    private DateTimeOffset? _tryAgainAt;

    private EventIds(string folder, EventIdManifest manifest, EventIdRun[] runs, int maxRecent, TimeProvider time, ILogger logger)
    {
        (_folder, _topic, _seed, _positions, _runs) = (folder, manifest.Topic, manifest.Seed, manifest.Positions, runs);
        (_maxRecent, _time, _logger) = (maxRecent, time, logger);
        _made = runs.Length == 0 ? 0 : runs.Max(run => int.Parse(Path.GetFileNameWithoutExtension(run.Path), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The runs of the folder; none when they are damaged or of another log, and then all is read again.</summary>
    /// <param name="ends">By partition: the end of the topic now.</param>
    public static EventIds Open(string folder, Guid topic, long[] ends, int maxRecent = MaxRecent, TimeProvider? time = null, ILogger? logger = null)
    {
        time ??= TimeProvider.System;
        logger ??= NullLogger.Instance;
        Directory.CreateDirectory(folder);
        if (EventIdManifest.Read(folder) is { } manifest && manifest.Topic == topic && manifest.Positions.Length == ends.Length
            && manifest.Positions.Zip(ends).All(p => p.First <= p.Second))
        {
            try
            {
                var runs = manifest.Runs.Select(name => EventIdRun.Open(Path.Combine(folder, name))).ToArray();
                DeleteAllBut(folder, manifest.Runs);
                return new EventIds(folder, manifest, runs, maxRecent, time, logger);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                // Read anew below.
            }
        }

        DeleteAllBut(folder, []);
        var empty = new EventIdManifest(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))), topic, new long[ends.Length], []);
        return new EventIds(folder, empty, [], maxRecent, time, logger);
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

    /// <summary>For the feed, between two batches: everything before these offsets has been added. What the disk does not take stays in memory.</summary>
    public void Reached(ReadOnlySpan<long> positions)
    {
        if (_recent.Count >= _maxRecent && (_tryAgainAt is not { } at || _time.GetUtcNow() >= at))
        {
            TryFlush(positions);
        }
    }

    /// <summary>For the feed, when it ends: what is in memory is kept where that saves reading, and what is under way is waited for.</summary>
    public async Task CloseAsync(long[] positions)
    {
        if (_recent.Count >= WorthKeeping)
        {
            TryFlush(positions);
        }

        await _merging;
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

    /// <summary>A disk that takes nothing costs memory now and reading at the next start, and no event.</summary>
    private void TryFlush(ReadOnlySpan<long> positions)
    {
        try
        {
            Flush(positions);
            if (_tryAgainAt is not null)
            {
                Log.WritesAgain(_logger, _folder);
            }

            _tryAgainAt = null;
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            if (_tryAgainAt is null)
            {
                Log.NotWritten(_logger, e, _recent.Count, _folder);
            }

            _tryAgainAt = _time.GetUtcNow() + Pause;
        }
    }

    private void Flush(ReadOnlySpan<long> positions)
    {
        var sorted = _recent.Select(pair => new EventIdEntry(pair.Key, pair.Value)).ToArray();
        Array.Sort(sorted);
        var reached = new long[_positions.Length];
        for (var partition = 0; partition < reached.Length; partition++)
        {
            reached[partition] = Math.Max(_positions[partition], positions[partition]);
        }

        Replace([], [sorted], reached);
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
        try
        {
            Replace(runs, EventIdMerge.Merge(runs), reached: null);

            // Whoever is still reading one has it open; its memory goes with the last of them.
            foreach (var run in runs)
            {
                File.Delete(run.Path);
            }
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            Log.NotMerged(_logger, e, runs.Length, _folder);
        }
    }

    /// <summary>Puts a new run in the place of others; where the disk does not take it, all stays as it was.</summary>
    /// <param name="reached">Where the run is of what was in memory: up to where all is known with it.</param>
    private void Replace(EventIdRun[] old, IEnumerable<ReadOnlyMemory<EventIdEntry>> entries, long[]? reached)
    {
        var path = Path.Combine(_folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _made):D8}.run"));
        try
        {
            EventIdRun.Write(path, entries);
            var run = EventIdRun.Open(path);
            lock (_gate)
            {
                EventIdRun[] runs = [.. _runs.Except(old), run];
                new EventIdManifest(_seed, _topic, reached ?? _positions, [.. runs.Select(r => Path.GetFileName(r.Path))]).Write(_folder);
                _runs = runs;
                if (reached is not null)
                {
                    (_positions, _recent) = (reached, []);
                }
            }
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            TryDelete(path);
            throw;
        }
    }

    private static bool IsOfDisk(Exception e) => e is IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>A disk that is full would be filled further with every attempt.</summary>
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            // The next start deletes what belongs to nothing.
        }
    }

    private static void DeleteAllBut(string folder, string[] names)
    {
        foreach (var file in Directory.GetFiles(folder, "*.run").Where(file => !names.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} ids of events cannot be written to '{Folder}' and stay in memory; tried again every minute")]
        public static partial void NotWritten(ILogger logger, Exception exception, int count, string folder);

        [LoggerMessage(Level = LogLevel.Information, Message = "Ids of events are written to '{Folder}' again")]
        public static partial void WritesAgain(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} files of ids of events in '{Folder}' could not be merged; they stay as they are")]
        public static partial void NotMerged(ILogger logger, Exception exception, int count, string folder);
    }
}
