using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Marketplace.EventLog;

/// <summary>
/// The headers of a record, kept encoded so that passing them on costs a copy and no object.
/// Encoding, repeated: key length (int32 LE), key (UTF-8), value length (int32 LE, -1 for null), value.
/// </summary>
public readonly struct RecordHeaders(ReadOnlyMemory<byte> encoded)
{
    private const int LengthBytes = sizeof(int);

    public static RecordHeaders None => default;

    public ReadOnlyMemory<byte> Encoded { get; } = encoded;

    public bool IsEmpty => Encoded.IsEmpty;

    public static RecordHeaders Of(params ReadOnlySpan<(string Key, string? Value)> headers)
    {
        var writer = new ArrayBufferWriter<byte>(64);
        foreach (var (key, value) in headers)
        {
            Write(writer, Encoding.UTF8.GetBytes(key), value is null ? default : Encoding.UTF8.GetBytes(value), value is null);
        }

        return new RecordHeaders(writer.WrittenMemory);
    }

    /// <summary>Appends one header in the encoding of this type.</summary>
    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isNull = false)
    {
        var span = writer.GetSpan((2 * LengthBytes) + key.Length + value.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, key.Length);
        key.CopyTo(span[LengthBytes..]);
        var at = LengthBytes + key.Length;
        BinaryPrimitives.WriteInt32LittleEndian(span[at..], isNull ? -1 : value.Length);
        value.CopyTo(span[(at + LengthBytes)..]);
        writer.Advance(at + LengthBytes + value.Length);
    }

    public Enumerator GetEnumerator() => new(Encoded);

    /// <summary>The last header of this name (Kafka's rule for repeated names), or null.</summary>
    public ReadOnlyMemory<byte>? Find(ReadOnlySpan<byte> key)
    {
        ReadOnlyMemory<byte>? found = null;
        foreach (var header in this)
        {
            if (header.Key.Span.SequenceEqual(key))
            {
                found = header.Value;
            }
        }

        return found;
    }

    /// <summary>The last header of this name as text, or null.</summary>
    public string? FindText(string key) =>
        Find(Encoding.UTF8.GetBytes(key)) is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    /// <summary>One header; the value is null where the header has none.</summary>
    public readonly record struct Header(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

    public struct Enumerator(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;

        public Header Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var key = Take(TakeLength());
            var length = TakeLength();
            Current = new Header(key, length < 0 ? default(ReadOnlyMemory<byte>?) : Take(length));
            return true;
        }

        private int TakeLength()
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(_rest.Span);
            _rest = _rest[LengthBytes..];
            return length;
        }

        private ReadOnlyMemory<byte> Take(int length)
        {
            var taken = _rest[..length];
            _rest = _rest[length..];
            return taken;
        }
    }
}
