using System.Buffers.Binary;
using System.Buffers.Text;
using Marketplace.EventLog;

namespace Marketplace.Mirror.Records;

/// <summary>
/// The one header that a mirror adds, as the last: <c>mirror-source: cluster/offset</c>, where the record stands in the source.
/// It makes offsets translatable one by one, and it travels: a record that went through several clusters has one of each, so
/// none takes back what came from it.
/// </summary>
internal static class MirrorHeader
{
    public const int MaxInt64Digits = 20;
    private const int LengthBytes = sizeof(int);
    private const byte Separator = (byte)'/';

    public static ReadOnlySpan<byte> Name => "mirror-source"u8;

    /// <summary>Bytes that the header takes at most.</summary>
    public static int SizeFor(ReadOnlySpan<byte> cluster) => (2 * LengthBytes) + Name.Length + cluster.Length + 1 + MaxInt64Digits;

    /// <summary>Writes the header in the encoding of <see cref="RecordHeaders"/>.</summary>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> to, ReadOnlySpan<byte> cluster, long offset)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Name.Length);
        Name.CopyTo(to[LengthBytes..]);
        var at = LengthBytes + Name.Length;
        var value = to[(at + LengthBytes)..];
        cluster.CopyTo(value);
        value[cluster.Length] = Separator;
        Utf8Formatter.TryFormat(offset, value[(cluster.Length + 1)..], out var digits);
        BinaryPrimitives.WriteInt32LittleEndian(to[at..], cluster.Length + 1 + digits);
        return at + LengthBytes + cluster.Length + 1 + digits;
    }

    /// <summary>Takes apart a record that a mirror of <paramref name="cluster"/> wrote.</summary>
    /// <param name="original">The headers as they were in the source.</param>
    /// <param name="offset">Where the record stands in the source.</param>
    /// <returns>False for a record that is not such a copy.</returns>
    public static bool TryRead(RecordHeaders headers, ReadOnlySpan<byte> cluster, out RecordHeaders original, out long offset)
    {
        (original, offset) = (default, -1);
        var encoded = headers.Encoded;
        var span = encoded.Span;
        var last = 0;
        for (var at = 0; at < span.Length;)
        {
            last = at;
            at += LengthBytes + BinaryPrimitives.ReadInt32LittleEndian(span[at..]);
            at += LengthBytes + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(span[at..]));
        }

        if (span.Length == 0 || !TryRead(span[last..], out var from, out offset) || !from.SequenceEqual(cluster))
        {
            return false;
        }

        original = new RecordHeaders(encoded[..last]);
        return true;
    }

    /// <summary>Where a record has been: told whether it came through this cluster.</summary>
    public static bool CameThrough(RecordHeaders headers, ReadOnlySpan<byte> cluster)
    {
        var span = headers.Encoded.Span;
        for (var at = 0; at < span.Length;)
        {
            var length = LengthBytes + BinaryPrimitives.ReadInt32LittleEndian(span[at..]);
            length += LengthBytes + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(span[(at + length)..]));
            if (TryRead(span.Slice(at, length), out var from, out _) && from.SequenceEqual(cluster))
            {
                return true;
            }

            at += length;
        }

        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> header, out ReadOnlySpan<byte> cluster, out long offset)
    {
        cluster = default;
        offset = -1;
        var name = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (name != Name.Length || !header.Slice(LengthBytes, name).SequenceEqual(Name))
        {
            return false;
        }

        var at = LengthBytes + name;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[at..]);
        if (length < 0)
        {
            return false;
        }

        var value = header.Slice(at + LengthBytes, length);
        var separator = value.LastIndexOf(Separator);
        if (separator <= 0 || !Utf8Parser.TryParse(value[(separator + 1)..], out offset, out var read) || separator + 1 + read != value.Length)
        {
            return false;
        }

        cluster = value[..separator];
        return true;
    }
}
