using System.Buffers;

namespace Marketplace.Gateway.Ingestion;

/// <summary>
/// Cuts a stream without end into lines. The bytes are copied once, into one of two buffers in turn: while the records
/// of one are on their way to the disk, the other is filled. A line too long to be a record is passed over, not kept.
/// </summary>
/// <param name="maxLine">Bytes of the longest line that can be a record.</param>
internal sealed class LineStream(int maxLine) : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Room for the longest line and then some.</summary>
    private const int BufferBytes = 2 * 1024 * 1024;

    private static readonly byte[] Utf8Bom = [0xef, 0xbb, 0xbf];

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private byte[] _other = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _scanned;
    private int _filled;
    private bool _skipping;
    private bool _started;
    private bool _ended;

    /// <summary>Nothing more can be taken before <see cref="Scan"/> and <see cref="Swap"/> have made room.</summary>
    public bool IsFull => _filled == BufferBytes;

    /// <summary>Every line of the stream has been added to a batch.</summary>
    public bool IsDone => _ended && _scanned == _filled && !_skipping;

    /// <summary>Takes what fits; returns where it ends.</summary>
    /// <param name="last">No bytes follow these.</param>
    public SequencePosition Take(in ReadOnlySequence<byte> bytes, bool last)
    {
        var taken = bytes.Slice(0, Math.Min(bytes.Length, BufferBytes - _filled));
        taken.CopyTo(_buffer.AsSpan(_filled));
        _filled += (int)taken.Length;
        _ended = last && taken.Length == bytes.Length;
        return taken.End;
    }

    /// <summary>Adds the complete lines to the batch, as many as it takes.</summary>
    public void Scan(IngestionBatch batch)
    {
        if (!_started && (_filled >= Utf8Bom.Length || _ended))
        {
            _started = true;
            _scanned = _buffer.AsSpan(0, _filled).StartsWith(Utf8Bom) ? Utf8Bom.Length : 0;
        }

        while (_started && !batch.IsFull)
        {
            var rest = _buffer.AsSpan(_scanned, _filled - _scanned);
            var length = rest.IndexOf(LineFeed);
            if (length >= 0)
            {
                End(batch, length);
                _scanned += length + 1;
                continue;
            }

            if (_ended && (rest.Length > 0 || _skipping))
            {
                End(batch, rest.Length);
                _scanned = _filled;
            }
            else if (_skipping || rest.Length > maxLine)
            {
                // The rest of this line is dropped as it comes; its end is what is waited for.
                _skipping = true;
                _filled = _scanned;
            }

            return;
        }
    }

    /// <summary>Leaves the memory of the lines added so far alone from now on: what is unfinished moves to the other buffer.</summary>
    public void Swap()
    {
        var rest = _buffer.AsSpan(_scanned, _filled - _scanned);
        rest.CopyTo(_other);
        (_buffer, _other) = (_other, _buffer);
        (_scanned, _filled) = (0, rest.Length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<byte>.Shared.Return(_other);
    }

    private void End(IngestionBatch batch, int length)
    {
        if (_skipping)
        {
            _skipping = false;
            batch.AddTooLong();
        }
        else
        {
            batch.AddLine(_buffer.AsMemory(_scanned, length));
        }
    }
}
