using System.Text;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Shop;

/// <summary>Checked products of one append, in the order sent. The records point into the memory the products were read from.</summary>
internal sealed class ProductBatch
{
    /// <summary>Bounds the memory that refusals of tiny lines could take.</summary>
    private const int MaxEntries = 10_000;
    private const byte LineFeed = (byte)'\n';

    private readonly List<Entry> _entries = [];
    private LogRecord[] _records = new LogRecord[16];
    private int _accepted;

    public bool IsEmpty => _entries.Count == 0;

    public bool IsFull => _entries.Count >= MaxEntries;

    public ReadOnlyMemory<LogRecord> Records => _records.AsMemory(0, _accepted);

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
        try
        {
            var reader = ProductRules.OpenReader(json.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (_entries.Count == maxElements)
                {
                    throw Refused($"an array may have at most {maxElements} elements; a stream of lines (application/x-ndjson) has no limit");
                }

                var check = ProductRules.CheckNext(json, ref reader, out var element);
                Add(check, element);
            }

            reader.Read();
        }
        catch (JsonException e)
        {
            throw Refused($"is not valid JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
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
            Add(ProductRules.Check(line), line);
        }
    }

    /// <summary>A line that was too long to be kept.</summary>
    public void AddTooLong() => _entries.Add(new Entry(null, new Dictionary<string, string[]>
    {
        [ProductRules.Whole] = [$"must be at most {ProductRules.MaxBytes} bytes"],
    }));

    /// <summary>Tells the report what became of each, once the records are durable.</summary>
    public void ReportTo(IngestionReport report, ReadOnlySpan<RecordPosition> positions)
    {
        var taken = 0;
        foreach (var entry in _entries)
        {
            if (entry.Errors is null)
            {
                var id = report.ListsAccepted ? Encoding.UTF8.GetString(_records[taken].Key!.Value.Span) : null;
                report.Add(new IngestionResult(report.Next, id, positions[taken++], null));
            }
            else
            {
                report.Add(new IngestionResult(report.Next, entry.Id, default, entry.Errors));
            }
        }
    }

    private void Add(in ProductCheck check, ReadOnlyMemory<byte> json)
    {
        if (!check.IsValid)
        {
            _entries.Add(new Entry(check.Id.IsEmpty ? null : Encoding.UTF8.GetString(check.Id.Span), check.Errors));
            return;
        }

        _entries.Add(default);
        if (_accepted == _records.Length)
        {
            Array.Resize(ref _records, _accepted * 2);
        }

        _records[_accepted++] = new LogRecord { Key = check.Id, Value = LineBreaks.Without(json) };
    }

    private static ProblemException Refused(string error) => new(new Problem(StatusCodes.Status400BadRequest, "The products cannot be read.")
    {
        Errors = new Dictionary<string, string[]> { [ProductRules.Whole] = [error] },
    });

    /// <summary>Of an accepted product everything is in its record.</summary>
    private readonly record struct Entry(string? Id, IReadOnlyDictionary<string, string[]>? Errors);
}
