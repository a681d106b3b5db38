using System.Runtime.InteropServices;

namespace Marketplace.Snapshots;

/// <summary>
/// Writes values one after another into frames of at most <see cref="SnapshotFrame.MaxBytes"/>, each with its number, length and
/// checksum. Values are as they are in memory (little endian), arrays in bulk.
/// </summary>
public sealed class SnapshotWriter(Stream stream)
{
    private readonly byte[] _frame = new byte[SnapshotFrame.HeaderBytes + SnapshotFrame.MaxBytes];
    private uint _number;
    private int _length;

    public void Write<T>(T value)
        where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Without their number: the reader has to know it.</summary>
    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(values));

    /// <summary>An array with its length before it.</summary>
    public void WriteArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(values.Length);
        Write(values);
    }

    public void WriteText(ReadOnlySpan<char> text) => WriteArray(text);

    /// <summary>Writes what is left and the empty frame that marks the end.</summary>
    public void Complete()
    {
        Flush();
        Flush();
        stream.Flush();
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_length == SnapshotFrame.MaxBytes)
            {
                Flush();
            }

            var part = bytes[..Math.Min(bytes.Length, SnapshotFrame.MaxBytes - _length)];
            part.CopyTo(_frame.AsSpan(SnapshotFrame.HeaderBytes + _length));
            _length += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    private void Flush()
    {
        var content = _frame.AsSpan(SnapshotFrame.HeaderBytes, _length);
        MemoryMarshal.Write(_frame, new SnapshotFrame(_number, _length, SnapshotFrame.Sum(_number, content)));
        stream.Write(_frame, 0, SnapshotFrame.HeaderBytes + _length);
        _number++;
        _length = 0;
    }
}
