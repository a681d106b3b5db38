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

    public long BaseOffset { get; private set; }

    public long LastOffset { get; set; }

    public int Count { get; private set; }

    public int Length { get; private set; }

    public long MaxTimestamp { get; private set; }

    /// <summary>When the batch's tombstones may go, once compaction has seen them; milliseconds since the Unix epoch.</summary>
    public long? TombstoneHorizon { get; set; }

    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, Length);

    public static int SizeOf(ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, RecordHeaders headers) =>
        RecordOverhead + (key?.Length ?? 0) + (value?.Length ?? 0) + headers.Encoded.Length;

    /// <summary>True where a record of this encoded size belongs into this batch; an empty batch takes any.</summary>
    public bool HasRoomFor(int size) => Count == 0 || Length + size <= capacity;

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

    /// <summary>Makes it empty. A buffer that one large record made large is let go.</summary>
    public void Clear()
    {
        (Count, Length, TombstoneHorizon) = (0, 0, null);
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
        Data.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
