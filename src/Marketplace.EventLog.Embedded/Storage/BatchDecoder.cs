using System.Buffers.Binary;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>Walks the records of a stored batch without copying them. See <see cref="BatchBuilder"/> for the encoding.</summary>
internal struct BatchDecoder(long baseOffset, ReadOnlyMemory<byte> data)
{
    private ReadOnlyMemory<byte> _rest = data;

    public StoredRecord Current { get; private set; }

    /// <summary>The encoded size of <see cref="Current"/>.</summary>
    public int CurrentSize { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var span = _rest.Span;
        var delta = BinaryPrimitives.ReadInt32LittleEndian(span);
        var timestamp = BinaryPrimitives.ReadInt64LittleEndian(span[4..]);
        var keyLength = BinaryPrimitives.ReadInt32LittleEndian(span[12..]);
        var valueLength = BinaryPrimitives.ReadInt32LittleEndian(span[16..]);
        var headersLength = BinaryPrimitives.ReadInt32LittleEndian(span[20..]);
        var at = BatchBuilder.RecordOverhead;
        ReadOnlyMemory<byte>? key = keyLength < 0 ? default(ReadOnlyMemory<byte>?) : _rest.Slice(at, keyLength);
        at += Math.Max(keyLength, 0);
        ReadOnlyMemory<byte>? value = valueLength < 0 ? default(ReadOnlyMemory<byte>?) : _rest.Slice(at, valueLength);
        at += Math.Max(valueLength, 0);
        Current = new StoredRecord
        {
            Offset = baseOffset + delta,
            Timestamp = timestamp,
            Key = key,
            Value = value,
            Headers = new RecordHeaders(_rest.Slice(at, headersLength)),
        };
        CurrentSize = at + headersLength;
        _rest = _rest[CurrentSize..];
        return true;
    }
}
