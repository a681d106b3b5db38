using System.Buffers.Binary;

namespace Marketplace.Search.Segments;

/// <summary>
/// Writes posting lists. A list is its number of products, and blocks of up to 128: the width of a gap in bytes, the first product,
/// the gaps, the impacts, the occurrences. Lists of several blocks have a table of each block's last product and place before them.
/// An occurrence is its field and position, one byte when the position is below 15.
/// </summary>
internal sealed class PostingsWriter(int capacity)
{
    public const int BlockSize = 128;
    public const int LastFlag = 0x80;
    public const int FieldShift = 4;
    public const int PositionEscape = 15;

    private byte[] _data = new byte[Math.Max(capacity, 256)];
    private int _length;
    private int[] _terms = new int[256];
    private int[] _offsets = new int[256];
    private int _termCount;

    private int[] _docs = new int[BlockSize];
    private byte[] _impacts = new byte[BlockSize];
    private int[] _occurrenceEnds = new int[BlockSize];
    private byte[] _occurrences = new byte[1024];
    private int _occurrenceLength;
    private int _count;

    /// <summary>Adds one product to the current term's list; products come in ascending order.</summary>
    public void Add(int doc, byte impact, ReadOnlySpan<byte> occurrences)
    {
        BeginDoc(doc, impact);
        EnsureOccurrences(occurrences.Length);
        occurrences.CopyTo(_occurrences.AsSpan(_occurrenceLength));
        _occurrenceLength += occurrences.Length;
        _occurrenceEnds[_count - 1] = _occurrenceLength;
    }

    public void BeginDoc(int doc, byte impact)
    {
        if (_count == _docs.Length)
        {
            Array.Resize(ref _docs, _count * 2);
            Array.Resize(ref _impacts, _count * 2);
            Array.Resize(ref _occurrenceEnds, _count * 2);
        }

        _docs[_count] = doc;
        _impacts[_count++] = impact;
    }

    /// <summary>Adds an occurrence to the product begun last.</summary>
    public void AddOccurrence(int field, int position, bool last)
    {
        EnsureOccurrences(6);
        var head = (last ? LastFlag : 0) | (field << FieldShift);
        if (position < PositionEscape)
        {
            _occurrences[_occurrenceLength++] = (byte)(head | position);
        }
        else
        {
            _occurrences[_occurrenceLength++] = (byte)(head | PositionEscape);
            _occurrenceLength += Varint.Write(_occurrences.AsSpan(_occurrenceLength), (uint)(position - PositionEscape));
        }

        _occurrenceEnds[_count - 1] = _occurrenceLength;
    }

    public void SetImpact(byte impact) => _impacts[_count - 1] = impact;

    /// <summary>Ends the current term's list; terms come in ascending order, one without products is left out.</summary>
    public int EndTerm(int term)
    {
        var count = _count;
        if (count > 0)
        {
            if (_termCount == _terms.Length)
            {
                Array.Resize(ref _terms, _termCount * 2);
                Array.Resize(ref _offsets, _termCount * 2);
            }

            _terms[_termCount] = term;
            _offsets[_termCount++] = _length;
            WriteList();
        }

        _count = 0;
        _occurrenceLength = 0;
        return count;
    }

    public Postings Build() => new(
        _terms.AsSpan(0, _termCount).ToArray(),
        _offsets.AsSpan(0, _termCount).ToArray(),
        _data.Length - _length > _length / 8 ? _data.AsSpan(0, _length).ToArray() : _data,
        _length);

    private void WriteList()
    {
        // Five bytes a product at most for gap and impact, headers and table besides.
        EnsureData(checked((_count * 6) + _occurrenceLength + ((_count / BlockSize) + 2) * 20));
        _length += Varint.Write(_data.AsSpan(_length), (uint)_count);
        var blocks = (_count + BlockSize - 1) / BlockSize;
        var table = _length;
        if (blocks > 1)
        {
            _length += blocks * 8;
        }

        var first = _length;
        for (var block = 0; block < blocks; block++)
        {
            var start = block * BlockSize;
            var end = Math.Min(start + BlockSize, _count);
            if (blocks > 1)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_data.AsSpan(table + (block * 8)), _docs[end - 1]);
                BinaryPrimitives.WriteInt32LittleEndian(_data.AsSpan(table + (block * 8) + 4), _length - first);
            }

            WriteBlock(start, end);
        }
    }

    private void WriteBlock(int start, int end)
    {
        var widest = 0;
        for (var i = start + 1; i < end; i++)
        {
            widest |= _docs[i] - _docs[i - 1];
        }

        var width = widest <= byte.MaxValue ? 1 : widest <= ushort.MaxValue ? 2 : 4;
        _data[_length++] = (byte)width;
        _length += Varint.Write(_data.AsSpan(_length), (uint)_docs[start]);
        for (var i = start + 1; i < end; i++)
        {
            var gap = _docs[i] - _docs[i - 1];
            switch (width)
            {
                case 1:
                    _data[_length] = (byte)gap;
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt16LittleEndian(_data.AsSpan(_length), (ushort)gap);
                    break;
                default:
                    BinaryPrimitives.WriteInt32LittleEndian(_data.AsSpan(_length), gap);
                    break;
            }

            _length += width;
        }

        _impacts.AsSpan(start, end - start).CopyTo(_data.AsSpan(_length));
        _length += end - start;
        var from = start == 0 ? 0 : _occurrenceEnds[start - 1];
        var occurrences = _occurrences.AsSpan(from, _occurrenceEnds[end - 1] - from);
        occurrences.CopyTo(_data.AsSpan(_length));
        _length += occurrences.Length;
    }

    private void EnsureOccurrences(int more)
    {
        if (_occurrenceLength + more > _occurrences.Length)
        {
            Array.Resize(ref _occurrences, Math.Max(_occurrences.Length * 2, _occurrenceLength + more));
        }
    }

    private void EnsureData(int more)
    {
        if (more > _data.Length - _length)
        {
            Array.Resize(ref _data, (int)Math.Min(Array.MaxLength, Math.Max(_data.Length * 2L, (long)_length + more)));
        }
    }
}
