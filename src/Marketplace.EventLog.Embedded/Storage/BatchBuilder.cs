using System.Buffers;
using System.Buffers.Binary;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>
/// Collects the records of one stored batch. A record is encoded as: offset delta (int32), timestamp (int64),
/// key length (int32, -1 for none), value length (int32, -1 for a tombstone), headers length (int32), then the bytes; little-endian.
/// </summary>
internal sealed class BatchBuilder(int capacity) : IDisposable
{
    public const int RecordOverhead = (4 * sizeof(int)) + sizeof(long);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private byte[] _compressed = [];
    private int _compressedLength;
    private bool _sealed;

    public long BaseOffset { get; private set; }

    public long LastOffset { get; set; }

    public int Count { get; private set; }

    public int Length { get; private set; }

    public long MaxTimestamp { get; private set; }

    /// <summary>When the batch's tombstones may go, once compaction has seen them; milliseconds since the Unix epoch.</summary>
    public long? TombstoneHorizon { get; set; }

    /// <summary>The records as they are stored, once it is sealed.</summary>
    public ReadOnlySpan<byte> Stored => IsCompressed ? _compressed.AsSpan(0, _compressedLength) : Records;

    public bool IsCompressed => _compressedLength > 0;

    private ReadOnlySpan<byte> Records => _buffer.AsSpan(0, Length);

    public static int SizeOf(ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, RecordHeaders headers) =>
        RecordOverhead + (key?.Length ?? 0) + (value?.Length ?? 0) + headers.Encoded.Length;

    /// <summary>True where a record of this encoded size belongs into this batch; an empty batch takes any, a sealed one none.</summary>
    public bool HasRoomFor(int size) => Count == 0 || (!_sealed && Length + size <= capacity);

    public void Add(long offset, long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, RecordHeaders headers)
    {
        var size = SizeOf(key, value, headers);
        Grow(size);
        if (Count == 0)
        {
            BaseOffset = offset;
            MaxTimestamp = timestamp;
        }

        var target = _buffer.AsSpan(Length, size);
        BinaryPrimitives.WriteInt32LittleEndian(target, checked((int)(offset - BaseOffset)));
        BinaryPrimitives.WriteInt64LittleEndian(target[4..], timestamp);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], key?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], value?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], headers.Encoded.Length);
        target = target[RecordOverhead..];
        if (key is { } k)
        {
            k.Span.CopyTo(target);
            target = target[k.Length..];
        }

        if (value is { } v)
        {
            v.Span.CopyTo(target);
            target = target[v.Length..];
        }

        headers.Encoded.Span.CopyTo(target);
        Length += size;
        Count++;
        LastOffset = offset;
        MaxTimestamp = Math.Max(MaxTimestamp, timestamp);
    }

    /// <summary>Compresses the records where that saves enough; nothing can be added any more.</summary>
    public void Seal()
    {
        if (_sealed)
        {
            return;
        }

        _sealed = true;
        if (BatchCompression.Limit(Length) is > 0 and var limit)
        {
            _compressed = ArrayPool<byte>.Shared.Rent(limit);
            _compressedLength = BatchCompression.Compress(Records, _compressed.AsSpan(0, limit));
        }
    }

    /// <summary>Moves all its offsets by so many: records are stored by how far they are from the first.</summary>
    public void Shift(long offsets) => (BaseOffset, LastOffset) = (BaseOffset + offsets, LastOffset + offsets);

    /// <summary>Makes it empty. A buffer that one large record made large is let go.</summary>
    public void Clear()
    {
        (Count, Length, TombstoneHorizon, _sealed) = (0, 0, null, false);
        Return(ref _compressed);
        _compressedLength = 0;
        if (_buffer.Length > 4 * capacity)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        }
    }

    private void Grow(int size)
    {
        if (Length + size <= _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Length + size);
        Records.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }

    public void Dispose()
    {
        Return(ref _compressed);
        Return(ref _buffer);
    }
}
