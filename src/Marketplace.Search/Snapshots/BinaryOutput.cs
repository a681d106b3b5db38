using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marketplace.Search.Snapshots;

/// <summary>Writes values and arrays as they are in memory (little endian), in blocks that each carry their length and checksum.</summary>
internal sealed class BinaryOutput(Stream stream)
{
    public const int BlockBytes = 1024 * 1024;
    public const int HeaderBytes = 8;

    private readonly byte[] _block = new byte[HeaderBytes + BlockBytes];
    private int _length;

    public void Write<T>(T value)
        where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>An array with its length before it.</summary>
    public void WriteArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(values.Length);
        WriteBytes(MemoryMarshal.AsBytes(values));
    }

    public void WriteText(ReadOnlySpan<char> text) => WriteArray(text);

    /// <summary>Writes what is left, and an empty block that marks the end.</summary>
    public void Complete()
    {
        if (_length > 0)
        {
            Flush();
        }

        Flush();
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_length == BlockBytes)
            {
                Flush();
            }

            var part = bytes[..Math.Min(bytes.Length, BlockBytes - _length)];
            part.CopyTo(_block.AsSpan(HeaderBytes + _length));
            _length += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    private void Flush()
    {
        Unsafe.WriteUnaligned(ref _block[0], _length);
        Unsafe.WriteUnaligned(ref _block[4], Checksum.Add((uint)_length, _block.AsSpan(HeaderBytes, _length)));
        stream.Write(_block, 0, HeaderBytes + _length);
        _length = 0;
    }
}
