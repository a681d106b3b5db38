using System.Buffers.Binary;
using System.IO.Compression;

namespace Marketplace.Gateway.Idempotency;

/// <summary>
/// The value of a record of <c>idempotency-keys</c>: version (1 byte), status (int32 LE), SHA-256 of the request (32 bytes), the
/// answer's body (Deflate). The key is the caller's name, a line feed, and the idempotency key.
/// </summary>
internal static class IdempotencyRecord
{
    public const int HashBytes = 32;
    private const byte Version = 1;
    private const int Header = 1 + sizeof(int) + HashBytes;

    public static byte[] Write(Answer answer, ReadOnlySpan<byte> requestHash)
    {
        using var buffer = new MemoryStream();
        Span<byte> header = stackalloc byte[Header];
        header[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], answer.Status);
        requestHash.CopyTo(header[(1 + sizeof(int))..]);
        buffer.Write(header);
        using (var deflate = new DeflateStream(buffer, CompressionLevel.Fastest))
        {
            deflate.Write(answer.Body.Span);
        }

        return buffer.ToArray();
    }

    public static bool IsKnown(ReadOnlySpan<byte> value) => value.Length >= Header && value[0] == Version;

    public static ReadOnlySpan<byte> RequestHash(ReadOnlySpan<byte> value) => value.Slice(1 + sizeof(int), HashBytes);

    public static Answer Read(ReadOnlyMemory<byte> value)
    {
        using var deflate = new DeflateStream(new MemoryStream(value[Header..].ToArray()), CompressionMode.Decompress);
        using var body = new MemoryStream();
        deflate.CopyTo(body);
        return new Answer(BinaryPrimitives.ReadInt32LittleEndian(value.Span[1..]), body.ToArray());
    }
}
