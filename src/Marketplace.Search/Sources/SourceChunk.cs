using Marketplace.Snapshots;
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

/// <summary>A chunk in a file of its own.</summary>
internal sealed class FileChunk : SourceChunk
{
    private const int BufferSize = 256 * 1024;

    private readonly SafeFileHandle _file;
    private readonly int _capacity;
    private byte[] _buffer = [];
    private int _buffered;
    private int _flushed;

    public FileChunk(string path, int capacity)
    {
        Path = path;
        _capacity = capacity;
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }

    private FileChunk(string path, SafeFileHandle file) => (Path, _file) = (path, file);

    public string Path { get; }

    /// <summary>Of all bytes up to <see cref="SourceChunk.Length"/>.</summary>
    public uint Crc { get; private set; }

    /// <summary>Opens a chunk of an earlier process, which takes no more.</summary>
    /// <exception cref="InvalidDataException">It is not what was written then.</exception>
    public static FileChunk Open(string path, SavedChunk saved)
    {
        var chunk = new FileChunk(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)) { Length = saved.Length, Crc = saved.Crc };
        chunk.AddDead(checked((int)saved.Dead));
        chunk._flushed = saved.Length;
        chunk.Verify();
        return chunk;
    }

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
        Crc = Checksum.Add(Crc, source);
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

    /// <summary>Makes what was flushed durable.</summary>
    public void FlushToDisk(int length)
    {
        if (_flushed < length)
        {
            RandomAccess.FlushToDisk(_file);
            _flushed = length;
        }
    }

    public override ReadOnlyMemory<byte> Read(int offset, int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        ReadExactly(bytes, offset);
        return bytes;
    }

    private void Verify()
    {
        var buffer = new byte[BufferSize];
        var crc = 0u;
        for (var at = 0; at < Length; at += buffer.Length)
        {
            var piece = buffer.AsSpan(0, Math.Min(buffer.Length, Length - at));
            ReadExactly(piece, at);
            crc = Checksum.Add(crc, piece);
        }

        if (crc != Crc)
        {
            throw new InvalidDataException($"The products' bytes in {Path} are damaged: their checksum is wrong.");
        }
    }

    private void ReadExactly(Span<byte> bytes, int offset)
    {
        var read = 0;
        while (read < bytes.Length)
        {
            var n = RandomAccess.Read(_file, bytes[read..], offset + read);
            read += n > 0 ? n : throw new InvalidDataException($"Products' bytes at {offset}+{bytes.Length} of {Path} are missing.");
        }
    }
}
