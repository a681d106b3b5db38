using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Topics;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Ingestion;

/// <summary>Checked records of one append, in the order sent. They point into the memory that they were read from.</summary>
internal sealed class IngestionBatch(RecordKind kind)
{
    /// <summary>Bounds the memory that refusals of tiny lines could take.</summary>
    private const int MaxEntries = 10_000;
    private const byte LineFeed = (byte)'\n';

    private readonly List<Entry> _entries = [];
    private readonly RecordHeaders _headers = TraceContext.OfCurrent();
    private LogRecord[] _records = new LogRecord[16];
    private int _accepted;

    public bool IsEmpty => _entries.Count == 0;

    public bool IsFull => _entries.Count >= MaxEntries;

    /// <summary>What is valid and new.</summary>
    public ReadOnlyMemory<LogRecord> Records => _records.AsMemory(0, _accepted);

    public int Count => _entries.Count;

    public void Clear()
    {
        _entries.Clear();
        Array.Clear(_records, 0, _accepted);
        _accepted = 0;
    }

    /// <summary>Reads a JSON array; each element becomes an entry.</summary>
    /// <exception cref="ProblemException">400: not JSON, not one array, or too many elements.</exception>
    public void ReadArray(ReadOnlyMemory<byte> json, int maxElements)
    {
        if (!TryReadArray(json, maxElements))
        {
            throw Refused(FaultOf(json.Span));
        }
    }

    /// <summary>Reads all lines of a memory that ends where the last line ends.</summary>
    public void ReadLines(ReadOnlyMemory<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf(LineFeed);
            AddLine(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    /// <summary>One line without its end; a blank one is not counted.</summary>
    public void AddLine(ReadOnlyMemory<byte> line)
    {
        if (line.Span.ContainsAnyExcept(" \t\r"u8))
        {
            Add(kind.Check(line), line);
        }
    }

    /// <summary>A line that was too long to be kept.</summary>
    public void AddTooLong() => _entries.Add(new Entry
    {
        Errors = new Dictionary<string, string[]> { [ProductRules.Whole] = [$"must be at most {kind.MaxBytes} bytes"] },
    });

    public void Add(in RecordCheck check, ReadOnlyMemory<byte> json)
    {
        _entries.Add(new Entry { Id = check.Id, Errors = check.Errors, Record = _accepted });
        if (check.IsValid)
        {
            if (_accepted == _records.Length)
            {
                Array.Resize(ref _records, _accepted * 2);
            }

            _records[_accepted++] = new LogRecord { Key = check.Key, Value = LineBreaks.Without(json), Headers = _headers };
        }
    }

    /// <summary>The id of an entry that would be written, or empty when it would not.</summary>
    public ReadOnlySpan<byte> NewId(int entry) => _entries[entry] is { Errors: null, Known: null, SameAs: null } found ? found.Id.Span : default;

    /// <summary>The entry is in the log already, here.</summary>
    public void MarkKnown(int entry, RecordPosition position) => CollectionsMarshal.AsSpan(_entries)[entry].Known = position;

    /// <summary>The entry is the same as an earlier one of this batch.</summary>
    public void MarkRepeated(int entry, int earlier) => CollectionsMarshal.AsSpan(_entries)[entry].SameAs = earlier;

    /// <summary>Takes what was marked out of the records.</summary>
    public void LeaveOutMarked()
    {
        var kept = 0;
        foreach (ref var entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry is { Errors: null, Known: null, SameAs: null })
            {
                _records[kept] = _records[entry.Record];
                entry.Record = kept++;
            }
        }

        Array.Clear(_records, kept, _accepted - kept);
        _accepted = kept;
    }

    /// <summary>What became of an entry, once the records are durable.</summary>
    /// <param name="withId">Whether the id of a taken entry is wanted.</param>
    public IngestionResult ResultOf(int entry, long index, IReadOnlyList<RecordPosition> positions, bool withId)
    {
        var found = _entries[entry];
        var id = (withId || found.Errors is not null) && !found.Id.IsEmpty ? Encoding.UTF8.GetString(found.Id.Span) : null;
        return found.Errors is not null ? new IngestionResult(index, id, default, found.Errors)
            : found.Known is { } known ? new IngestionResult(index, id, known, null, IsDuplicate: true)
            : found.SameAs is { } earlier ? ResultOf(earlier, index, positions, withId) with { IsDuplicate = true }
            : new IngestionResult(index, id, positions[found.Record], null);
    }

    /// <summary>Tells the report what became of each, once the records are durable.</summary>
    public void ReportTo(IngestionReport report, IReadOnlyList<RecordPosition> positions)
    {
        for (var entry = 0; entry < _entries.Count; entry++)
        {
            report.Add(ResultOf(entry, report.Next, positions, report.ListsAccepted));
        }
    }

    private bool TryReadArray(ReadOnlyMemory<byte> json, int maxElements)
    {
        var cursor = new JsonCursor(json.Span);
        if (!cursor.TryTake('['))
        {
            return false;
        }

        if (!cursor.TryTake(']'))
        {
            do
            {
                if (_entries.Count == maxElements)
                {
                    throw Refused($"an array may have at most {maxElements} elements; a stream of lines (application/x-ndjson) has no limit");
                }

                cursor.Next();
                try
                {
                    var check = kind.CheckNext(json[cursor.At..], out var length);
                    Add(check, json.Slice(cursor.At, length));
                    cursor.Skip(length);
                }
                catch (JsonException)
                {
                    return false;
                }
            }
            while (cursor.TryTake(','));
            if (!cursor.TryTake(']'))
            {
                return false;
            }
        }

        return cursor.Next() == 0 && cursor.At == json.Length;
    }

    /// <summary>Where a text that is no array ceases to be JSON.</summary>
    private static string FaultOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = ProductRules.OpenReader(json);
            while (reader.Read())
            {
            }

            return "is not an array";
        }
        catch (JsonException e)
        {
            return JsonFault.Of(e);
        }
    }

    private ProblemException Refused(string error) => new(new Problem(StatusCodes.Status400BadRequest, $"The {kind.Noun.Many} cannot be read.")
    {
        Errors = new Dictionary<string, string[]> { [ProductRules.Whole] = [error] },
    });

    private struct Entry
    {
        public ReadOnlyMemory<byte> Id;
        public IReadOnlyDictionary<string, string[]>? Errors;
        public int Record;
        public RecordPosition? Known;
        public int? SameAs;
    }
}
