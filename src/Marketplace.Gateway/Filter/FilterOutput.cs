using System.Buffers;
using Marketplace.EventLog;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>
/// What one commit of the filter writes. Products pass as slices of the batches they were read in, which live until
/// the commit has ended; what the filter itself writes goes into one reused buffer.
/// </summary>
public sealed class FilterOutput
{
    private const int InitialBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _written = new(InitialBytes);
    private readonly List<RecordBatch> _inputs = [];
    private readonly RecordSpans _spans = new();
    private readonly Dictionary<int, VerdictBasis> _progress = [];
    private readonly Dictionary<int, long> _positions = [];
    private VerdictBasis _basis;
    private ReadOnlyMemory<byte> _basisHeaders;

    public AtomicBatch Batch { get; } = new();

    /// <summary>Bytes of input and of own writing that this commit holds in memory.</summary>
    public long Bytes { get; private set; }

    public bool IsEmpty => Batch.IsEmpty && _progress.Count == 0;

    /// <summary>Verdicts of this commit, to be counted when it has succeeded.</summary>
    public FilterTally Tally { get; } = new();

    /// <summary>The basis of the verdicts that follow.</summary>
    public void Begin(VerdictBasis basis)
    {
        if (_basis != basis || _basisHeaders.IsEmpty)
        {
            _basis = basis;
            _basisHeaders = FilterRecords.BasisHeaders(basis);
        }
    }

    /// <summary>Keeps the batch's memory until the commit has ended.</summary>
    public void Own(RecordBatch batch)
    {
        _inputs.Add(batch);
        foreach (ref readonly var record in batch.Records)
        {
            Bytes += record.Value?.Length ?? 0;
        }
    }

    /// <summary>How far this commit brings the shop's partitions, with the timestamp of the latest record.</summary>
    public List<(TopicPartition Partition, long Next, long? Timestamp)> Reached { get; } = [];

    /// <summary>A product that comes from the shop just now goes on sale as the shop sent it.</summary>
    public void Pass(in StoredRecord source)
    {
        var start = _written.WrittenCount;
        TraceContext.WriteHeaders(_written, source.Headers, _spans.Continue("filter product", source.Headers));
        FilterRecords.WriteAcceptedAt(_written, source.Timestamp);
        Sell(source.Key!.Value, source.Value!.Value, source.Offset, start);
        Tally.Passed++;
    }

    /// <summary>A product goes on sale again as the shop sent it, and is told as restored. Its memory need not last until the commit.</summary>
    public void Restore(in StoredRecord source, int partition)
    {
        var (id, value) = (Copy(source.Key!.Value), Copy(source.Value!.Value));
        var start = _written.WrittenCount;
        TraceContext.WriteHeaders(_written, source.Headers, null);
        Sell(id, value, source.Offset, start);
        Decide(Verdict.Restored, id, null, partition, source.Offset);
    }

    /// <summary>The product is no longer on sale.</summary>
    public void Remove(ReadOnlyMemory<byte> productId, long sourceOffset)
    {
        var start = _written.WrittenCount;
        FilterRecords.WriteSourceOffset(_written, sourceOffset);
        _written.Write(_basisHeaders.Span);
        Batch.Add(TopicNames.FilteredProducts, new LogRecord { Key = productId, Value = null, Headers = new RecordHeaders(Since(start)) });
    }

    public void Decide(Verdict verdict, ReadOnlyMemory<byte> productId, Ban? ban, int partition, long sourceOffset)
    {
        var start = _written.WrittenCount;
        FilterRecords.WriteDecision(_written, productId.Span, verdict, ban, partition, sourceOffset, _basis);
        Batch.Add(TopicNames.FilterDecisions, new LogRecord { Key = productId, Value = Since(start) });
        Tally.Count(verdict);
    }

    /// <summary>Key and value go on as they were, with where they stood and why they could not be processed.</summary>
    public void DeadLetter(TopicPartition source, in StoredRecord record, string reason)
    {
        var start = _written.WrittenCount;
        Topics.DeadLetter.WriteHeaders(_written, source, record, reason);
        Batch.Add(TopicNames.DeadLetters, new LogRecord { Key = record.Key, Value = record.Value, Headers = new RecordHeaders(Since(start)) });
        Tally.DeadLetters++;
    }

    /// <summary>The partition's output is right up to the current basis once this commit has succeeded.</summary>
    public void Progress(int partition) => _progress[partition] = _basis;

    /// <summary>
    /// The commit sets the group's position of this partition, also where only the banned list has moved: so it fails when the
    /// partition is another member's by then.
    /// </summary>
    public void Hold(FilterPartition partition) => _positions[partition.Number] = partition.Position;

    /// <summary>Adds what is written once a commit; call it right before committing.</summary>
    public void Seal(string group)
    {
        foreach (var (partition, position) in _positions)
        {
            Batch.SetPosition(group, new TopicPartition(TopicNames.ShopProducts, partition), new GroupPosition(position));
        }

        _positions.Clear();
        foreach (var (partition, basis) in _progress)
        {
            var start = _written.WrittenCount;
            FilterRecords.WriteProgress(_written, basis);
            Batch.Add(TopicNames.FilterProgress, new LogRecord { Key = FilterRecords.ProgressKey(partition), Value = Since(start) });
        }

        _progress.Clear();
    }

    public void Reset()
    {
        Batch.Clear();
        _inputs.ForEach(batch => batch.Dispose());
        _inputs.Clear();
        _progress.Clear();
        _positions.Clear();
        Reached.Clear();
        _spans.End();
        _written.ResetWrittenCount();
        Tally.Clear();
        Bytes = 0;
    }

    private void Sell(ReadOnlyMemory<byte> productId, ReadOnlyMemory<byte> product, long sourceOffset, int headers)
    {
        FilterRecords.WriteSourceOffset(_written, sourceOffset);
        _written.Write(_basisHeaders.Span);
        Batch.Add(TopicNames.FilteredProducts, new LogRecord { Key = productId, Value = product, Headers = new RecordHeaders(Since(headers)) });
    }

    private ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> bytes)
    {
        var start = _written.WrittenCount;
        _written.Write(bytes.Span);
        return Since(start);
    }

    private ReadOnlyMemory<byte> Since(int start)
    {
        Bytes += _written.WrittenCount - start;
        return _written.WrittenMemory[start..];
    }
}
