using System.Runtime.InteropServices;

namespace Marketplace.Snapshots;

/// <summary>Reads what a <see cref="SnapshotWriter"/> wrote; nothing is handed out before its checksum was found right.</summary>
public sealed class SnapshotReader(Stream stream)
{
    private readonly byte[] _content = new byte[SnapshotFrame.MaxBytes];
    private uint _number;
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
    public void Read<T>(Span<T> values)
        where T : unmanaged => ReadBytes(MemoryMarshal.AsBytes(values));

    /// <summary>A number of elements, which has to lie within bounds.</summary>
    /// <inheritdoc cref="Read{T}()"/>
    public int ReadCount(int max = int.MaxValue)
    {
        var count = Read<int>();
        return count >= 0 && count <= max ? count : throw new InvalidDataException($"The snapshot holds the count {count} where at most {max} is possible.");
    }

    /// <summary>An array that was written with its length.</summary>
    /// <inheritdoc cref="Read{T}()"/>
    public T[] ReadArray<T>()
        where T : unmanaged
    {
        // A file that claims more than it holds must not take the memory first.
        var values = GC.AllocateUninitializedArray<T>(ReadCount((int)Math.Min(stream.Length, Array.MaxLength)));
        Read(values.AsSpan());
        return values;
    }

    /// <inheritdoc cref="Read{T}()"/>
    public string ReadText() => new(ReadArray<char>());

    /// <summary>Checks that the end is here and was written.</summary>
    /// <inheritdoc cref="Read{T}()"/>
    public void Complete()
    {
        if (_at < _length || NextFrame() > 0)
        {
            throw new InvalidDataException("The snapshot holds more than was read.");
        }
    }

    private void ReadBytes(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_at == _length && NextFrame() == 0)
            {
                throw new InvalidDataException("The snapshot ends too early.");
            }

            var part = _content.AsSpan(_at, Math.Min(bytes.Length, _length - _at));
            part.CopyTo(bytes);
            _at += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    private int NextFrame()
    {
        Span<byte> header = stackalloc byte[SnapshotFrame.HeaderBytes];
        Fill(header);
        var frame = MemoryMarshal.Read<SnapshotFrame>(header);
        if (frame.Number != _number || frame.Length is < 0 or > SnapshotFrame.MaxBytes)
        {
            throw new InvalidDataException($"Frame {_number} of the snapshot is damaged: its header is wrong.");
        }

        var content = _content.AsSpan(0, frame.Length);
        Fill(content);
        if (SnapshotFrame.Sum(frame.Number, content) != frame.Crc)
        {
            throw new InvalidDataException($"Frame {_number} of the snapshot is damaged: its checksum is wrong.");
        }

        _number++;
        (_at, _length) = (0, frame.Length);
        return frame.Length;
    }

    private void Fill(Span<byte> bytes)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The snapshot ends in frame {_number}.", e);
        }
    }
}
