using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marketplace.Search.Snapshots;

/// <summary>Reads what a <see cref="BinaryOutput"/> wrote; nothing is handed out before its checksum was found right.</summary>
internal sealed class BinaryInput(Stream stream)
{
    private readonly byte[] _block = new byte[BinaryOutput.BlockBytes];
    private int _length;
    private int _at;

    /// <exception cref="InvalidDataException">The snapshot is damaged or ends too early.</exception>
    public T Read<T>()
        where T : unmanaged
    {
        var value = default(T);
        ReadBytes(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <inheritdoc cref="Read{T}()"/>
    public T[] ReadArray<T>()
        where T : unmanaged
    {
        var length = Read<int>();
        if (length < 0 || length > stream.Length)
        {
            throw new InvalidDataException($"The snapshot holds an array of {length} elements, which it has no room for.");
        }

        var values = GC.AllocateUninitializedArray<T>(length);
        ReadBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <inheritdoc cref="Read{T}()"/>
    public string ReadText() => new(ReadArray<char>());

    /// <summary>Checks that the end is here and was written.</summary>
    /// <inheritdoc cref="Read{T}()"/>
    public void Complete()
    {
        if (_at < _length || NextBlock() > 0)
        {
            throw new InvalidDataException("The snapshot holds more than was read.");
        }
    }

    private void ReadBytes(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_at == _length && NextBlock() == 0)
            {
                throw new InvalidDataException("The snapshot ends too early.");
            }

            var part = _block.AsSpan(_at, Math.Min(bytes.Length, _length - _at));
            part.CopyTo(bytes);
            _at += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    private int NextBlock()
    {
        Span<byte> header = stackalloc byte[BinaryOutput.HeaderBytes];
        Fill(header);
        _length = Unsafe.ReadUnaligned<int>(ref header[0]);
        var content = _length is >= 0 and <= BinaryOutput.BlockBytes ? _block.AsSpan(0, _length) : throw new InvalidDataException("A block of the snapshot has a damaged length.");
        Fill(content);
        if (Checksum.Add((uint)_length, content) != Unsafe.ReadUnaligned<uint>(ref header[4]))
        {
            throw new InvalidDataException("A block of the snapshot is damaged: its checksum is wrong.");
        }

        _at = 0;
        return _length;
    }

    private void Fill(Span<byte> bytes)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The snapshot ends in the middle of a block.", e);
        }
    }
}
