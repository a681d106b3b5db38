using System.Buffers;
using System.Runtime.InteropServices;
using Marketplace.EventLog.Kafka.Native;

namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>Gathers the records of one partition out of the client's memory into one pooled buffer.</summary>
internal sealed unsafe class BatchBuilder(int maxBytes)
{
    private const int SmallestBuffer = 16 * 1024;
    private const int Null = -1;

    private readonly List<Entry> _entries = [];
    private byte[] _buffer = [];
    private int _used;

    /// <summary>The last batch's bytes: the next is likely to be of its size, and then needs no growing.</summary>
    private int _expected = SmallestBuffer;

    public bool IsEmpty => _entries.Count == 0;

    public bool IsFull => _used >= maxBytes;

    public long NextOffset { get; private set; }

    /// <summary>False when the record would make the batch larger than it may be.</summary>
    public bool TryAdd(Librdkafka.Message* message)
    {
        var size = (int)message->KeyLength + (int)message->Length;
        if (_entries.Count > 0 && _used + size > maxBytes)
        {
            return false;
        }

        Reserve(size);
        var entry = new Entry { Offset = message->Offset, Timestamp = Librdkafka.MessageTimestamp(message, out _), Start = _used };
        entry.KeyLength = Copy(message->Key, message->KeyLength);
        entry.ValueLength = Copy(message->Payload, message->Length);
        var headers = _used;
        CopyHeaders(message);
        entry.HeadersLength = _used - headers;
        _entries.Add(entry);
        NextOffset = message->Offset + 1;
        return true;
    }

    public RecordBatch Build(TopicPartition partition, long endOffset)
    {
        var records = ArrayPool<StoredRecord>.Shared.Rent(_entries.Count);
        ReadOnlyMemory<byte> memory = _buffer;
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            var value = entry.Start + Math.Max(0, entry.KeyLength);
            var headers = value + Math.Max(0, entry.ValueLength);
            records[i] = new StoredRecord
            {
                Offset = entry.Offset,
                Timestamp = entry.Timestamp,
                Key = entry.KeyLength == Null ? default(ReadOnlyMemory<byte>?) : memory.Slice(entry.Start, entry.KeyLength),
                Value = entry.ValueLength == Null ? default(ReadOnlyMemory<byte>?) : memory.Slice(value, entry.ValueLength),
                Headers = entry.HeadersLength == 0 ? default : new RecordHeaders(memory.Slice(headers, entry.HeadersLength)),
            };
        }

        var batch = new RecordBatch(partition, records.AsMemory(0, _entries.Count), NextOffset, endOffset, new Lease(_buffer, records));
        _expected = Math.Max(SmallestBuffer, _used);
        _buffer = [];
        Clear();
        return batch;
    }

    /// <summary>Forgets what was gathered.</summary>
    public void Clear()
    {
        _entries.Clear();
        _used = 0;
    }

    private int Copy(byte* from, nuint length)
    {
        // A null pointer is no key or value; an empty one has an address.
        if (from == null)
        {
            return Null;
        }

        new ReadOnlySpan<byte>(from, (int)length).CopyTo(_buffer.AsSpan(_used));
        _used += (int)length;
        return (int)length;
    }

    private void CopyHeaders(Librdkafka.Message* message)
    {
        if (Librdkafka.MessageHeaders(message, out var headers) != 0)
        {
            return;
        }

        for (nuint i = 0; Librdkafka.HeaderGetAll(headers, i, out var name, out var value, out var length) == 0; i++)
        {
            var key = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
            Reserve((2 * sizeof(int)) + key.Length + (int)length);
            var writer = new Appender(this);
            RecordHeaders.Write(writer, key, new ReadOnlySpan<byte>(value, value == null ? 0 : (int)length), isNull: value == null);
        }
    }

    private void Reserve(int size)
    {
        if (_buffer.Length - _used >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_expected, _buffer.Length * 2), _used + size));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private struct Entry
    {
        public long Offset;
        public long Timestamp;
        public int Start;
        public int KeyLength;
        public int ValueLength;
        public int HeadersLength;
    }

    /// <summary>Lets a header be written where the builder's records stand.</summary>
    private sealed class Appender(BatchBuilder builder) : IBufferWriter<byte>
    {
        public void Advance(int count) => builder._used += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            builder.Reserve(sizeHint);
            return builder._buffer.AsMemory(builder._used);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    private sealed class Lease(byte[] buffer, StoredRecord[] records) : IDisposable
    {
        public void Dispose()
        {
            Return(buffer);
            ArrayPool<StoredRecord>.Shared.Return(records, clearArray: true);
        }
    }
}
