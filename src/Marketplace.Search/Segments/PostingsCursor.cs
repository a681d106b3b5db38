using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marketplace.Search.Segments;

/// <summary>Walks one posting list forward. Reused from list to list; one thread at a time.</summary>
internal sealed class PostingsCursor
{
    public const int End = int.MaxValue;

    private byte[] _data = [];
    private int _blocks;
    private int _table;
    private int _base;
    private int _block;
    private int _inBlock;
    private int _index;
    private int _width;
    private int _gaps;
    private int _impacts;

    /// <summary>The product it stands on, <see cref="End"/> behind the last.</summary>
    public int Doc { get; private set; } = End;

    /// <summary>How many products the list has.</summary>
    public int Count { get; private set; }

    public byte Impact => _data[_impacts + _index];

    public void Open(Postings postings, int offset)
    {
        _data = postings.Data;
        Count = (int)Varint.Read(_data, ref offset);
        _blocks = (Count + PostingsWriter.BlockSize - 1) / PostingsWriter.BlockSize;
        _table = offset;
        _base = _blocks > 1 ? offset + (_blocks * 8) : offset;
        LoadBlock(0);
    }

    public void Close() => Doc = End;

    public void MoveNext()
    {
        if (++_index < _inBlock)
        {
            Doc += Gap(_index - 1);
        }
        else if (_block + 1 < _blocks)
        {
            LoadBlock(_block + 1);
        }
        else
        {
            Doc = End;
        }
    }

    /// <summary>Moves to the first product at or after the given one.</summary>
    public void AdvanceTo(int doc)
    {
        if (Doc >= doc)
        {
            return;
        }

        if (_blocks > 1 && LastOf(_block) < doc)
        {
            int low = _block + 1, high = _blocks;
            while (low < high)
            {
                var middle = (low + high) >> 1;
                if (LastOf(middle) < doc) { low = middle + 1; } else { high = middle; }
            }

            if (low == _blocks)
            {
                Doc = End;
                return;
            }

            LoadBlock(low);
        }

        switch (_width)
        {
            case sizeof(byte):
                AdvanceInBlock<byte>(doc);
                break;
            case sizeof(ushort):
                AdvanceInBlock<ushort>(doc);
                break;
            default:
                AdvanceInBlock<int>(doc);
                break;
        }
    }

    /// <summary>Adds every product before <paramref name="end"/> to a window: its bit, and its frequency times the weight.</summary>
    /// <param name="isFirst">Whether the window has no products yet, which spares a look at each.</param>
    public void Fill(Window window, int end, float weight, bool isFirst)
    {
        while (Doc < end)
        {
            switch (_width)
            {
                case sizeof(byte):
                    FillFromBlock<byte>(window, end, weight, isFirst);
                    break;
                case sizeof(ushort):
                    FillFromBlock<ushort>(window, end, weight, isFirst);
                    break;
                default:
                    FillFromBlock<int>(window, end, weight, isFirst);
                    break;
            }
        }
    }

    /// <summary>The occurrences of the product it stands on.</summary>
    public ReadOnlySpan<byte> Occurrences()
    {
        var at = _impacts + _inBlock;
        for (var i = 0; i < _index; i++)
        {
            at = SkipOccurrences(_data, at);
        }

        return _data.AsSpan(at, SkipOccurrences(_data, at) - at);
    }

    /// <summary>Where the occurrences of the block's first product begin; each product's end where <see cref="SkipOccurrences"/> says.</summary>
    public int BlockOccurrences => _impacts + _inBlock;

    public byte[] Data => _data;

    /// <summary>True on the first product of a block.</summary>
    public bool IsBlockStart => _index == 0;

    public static int SkipOccurrences(byte[] data, int at)
    {
        while (true)
        {
            var head = data[at++];
            if ((head & PostingsWriter.PositionEscape) == PostingsWriter.PositionEscape)
            {
                while (data[at++] >= 0x80)
                {
                }
            }

            if ((head & PostingsWriter.LastFlag) != 0)
            {
                return at;
            }
        }
    }

    private unsafe void AdvanceInBlock<TGap>(int doc)
        where TGap : unmanaged, IBinaryInteger<TGap>
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        var (at, i) = (Doc, _index);
        while (at < doc)
        {
            if (++i >= _inBlock)
            {
                at = End;
                break;
            }

            at += int.CreateTruncating(Unsafe.ReadUnaligned<TGap>(ref Unsafe.Add(ref data, _gaps + ((i - 1) * sizeof(TGap)))));
        }

        (Doc, _index) = (at, i);
    }

    private unsafe void FillFromBlock<TGap>(Window window, int end, float weight, bool isFirst)
        where TGap : unmanaged, IBinaryInteger<TGap>
    {
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        ref var frequencies = ref MemoryMarshal.GetArrayDataReference(Ranking.Impact.Frequencies);
        var (impacts, gaps) = (_impacts, _gaps);
        var doc = Doc;
        var i = _index;
        var last = _inBlock - 1;
        while (true)
        {
            var frequency = weight * Unsafe.Add(ref frequencies, Unsafe.Add(ref data, impacts + i));
            if (isFirst)
            {
                window.AddNew(doc, frequency);
            }
            else
            {
                window.Add(doc, frequency);
            }

            if (i == last)
            {
                break;
            }

            doc += int.CreateTruncating(Unsafe.ReadUnaligned<TGap>(ref Unsafe.Add(ref data, gaps + (i * sizeof(TGap)))));
            i++;
            if (doc >= end)
            {
                Doc = doc;
                _index = i;
                return;
            }
        }

        _index = i;
        Doc = doc;
        MoveNext();
    }

    private void LoadBlock(int block)
    {
        _block = block;
        var at = _base + (_blocks > 1 ? BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(_table + (block * 8) + 4)) : 0);
        _inBlock = Math.Min(PostingsWriter.BlockSize, Count - (block * PostingsWriter.BlockSize));
        _width = _data[at++];
        Doc = (int)Varint.Read(_data, ref at);
        _gaps = at;
        _impacts = at + ((_inBlock - 1) * _width);
        _index = 0;
    }

    private int LastOf(int block) => BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(_table + (block * 8)));

    private int Gap(int index) => _width switch
    {
        1 => _data[_gaps + index],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(_data.AsSpan(_gaps + (index * 2))),
        _ => BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(_gaps + (index * 4))),
    };
}
