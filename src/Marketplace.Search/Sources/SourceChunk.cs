using Microsoft.Win32.SafeHandles;

namespace Marketplace.Search.Sources;

/// <summary>A run of products' bytes, appended to by the writer, read by anyone up to what was flushed before.</summary>
internal abstract class SourceChunk
{
    private long _dead;

    /// <summary>Bytes of products that are gone or moved.</summary>
    public long Dead => Volatile.Read(ref _dead);

    public int Length { get; protected set; }

    public void AddDead(int bytes) => Interlocked.Add(ref _dead, bytes);

    public abstract void Append(ReadOnlySpan<byte> source);

    /// <summary>Makes what was appended readable.</summary>
    public abstract void Flush();

    public abstract ReadOnlyMemory<byte> Read(int offset, int length);
}

internal sealed class MemoryChunk(int capacity) : SourceChunk
{
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(capacity);

    public override void Append(ReadOnlySpan<byte> source)
    {
        source.CopyTo(_data.AsSpan(Length));
        Length += source.Length;
    }

    public override void Flush()
    {
    }

    public override ReadOnlyMemory<byte> Read(int offset, int length) => _data.AsMemory(offset, length);
}

/// <summary>A chunk in a file of its own, which goes when nobody refers to the chunk any more.</summary>
internal sealed class FileChunk(string path, int capacity) : SourceChunk
{
    private const int BufferSize = 256 * 1024;

    private readonly SafeFileHandle _file = File.OpenHandle(
        path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.DeleteOnClose, preallocationSize: 0);

    private readonly int _capacity = capacity;
    private byte[] _buffer = [];
    private int _buffered;

    public override void Append(ReadOnlySpan<byte> source)
    {
        if (_buffered + source.Length > _buffer.Length)
        {
            Flush();
            if (source.Length > _buffer.Length)
            {
                _buffer = new byte[Math.Max(Math.Min(BufferSize, _capacity), source.Length)];
            }
        }

        source.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += source.Length;
        Length += source.Length;
    }

    public override void Flush()
    {
        if (_buffered > 0)
        {
            RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), Length - _buffered);
            _buffered = 0;
        }
    }

    public override ReadOnlyMemory<byte> Read(int offset, int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        var read = 0;
        while (read < length)
        {
            var n = RandomAccess.Read(_file, bytes.AsSpan(read), offset + read);
            read += n > 0 ? n : throw new EndOfStreamException($"A product's bytes at {offset}+{length} of a source file of {Length} bytes are missing.");
        }

        return bytes;
    }
}
