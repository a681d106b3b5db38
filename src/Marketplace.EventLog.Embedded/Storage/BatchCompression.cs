using K4os.Compression.LZ4;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>
/// LZ4 over the records of a stored batch. A record is written to the disk at least twice (write-ahead log and database), and
/// products share most of their bytes with their neighbours; so a microsecond of processor saves several of the disk.
/// </summary>
internal static class BatchCompression
{
    /// <summary>Less is not worth it: one small record has nothing to share.</summary>
    private const int LeastBytes = 512;

    /// <summary>The most bytes that compressed records may take: more would save less than an eighth. 0 where it is not worth trying.</summary>
    public static int Limit(int recordBytes) => recordBytes < LeastBytes ? 0 : recordBytes - (recordBytes / 8);

    /// <returns>The bytes written, or 0 where <paramref name="into"/> does not hold them.</returns>
    public static int Compress(ReadOnlySpan<byte> records, Span<byte> into) => Math.Max(LZ4Codec.Encode(records, into), 0);

    /// <summary>False where the bytes are not those of a batch of this size.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> records) => LZ4Codec.Decode(compressed, records) == records.Length;
}
