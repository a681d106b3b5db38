using System.Buffers;
using K4os.Compression.LZ4;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>
/// LZ4 over the records of a stored batch. A record is written to the disk at least twice (write-ahead log and database), and
/// products share most of their bytes with their neighbours; so a microsecond of processor saves several of the disk.
/// </summary>
internal sealed class BatchCompression : IDisposable
{
    /// <summary>Less is not worth it: one small record has nothing to share.</summary>
    private const int LeastBytes = 512;

    /// <summary>A buffer that one large batch made larger than this is let go.</summary>
    private const int KeptBytes = 512 * 1024;

    private byte[] _buffer = [];

    /// <summary>Compresses; the result is valid until the next call. False where that would save less than an eighth.</summary>
    public bool TryCompress(ReadOnlySpan<byte> records, out ReadOnlySpan<byte> compressed)
    {
        compressed = default;
        if (records.Length < LeastBytes)
        {
            return false;
        }

        var length = LZ4Codec.Encode(records, Room(records.Length - (records.Length / 8)));
        if (length <= 0)
        {
            return false;
        }

        compressed = _buffer.AsSpan(0, length);
        return true;
    }

    /// <summary>False where the bytes are not those of a batch of this size.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> records) => LZ4Codec.Decode(compressed, records) == records.Length;

    /// <summary>Memory for what is stored; valid until the next call of any method.</summary>
    public Span<byte> Room(int length)
    {
        if (_buffer.Length < length || (_buffer.Length > KeptBytes && length <= KeptBytes))
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        return _buffer.AsSpan(0, length);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
