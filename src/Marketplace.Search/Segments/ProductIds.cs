using System.Numerics;
using System.Text;

namespace Marketplace.Search.Segments;

/// <summary>A product id prepared for look-ups in many segments.</summary>
internal readonly ref struct ProductKey
{
    public ProductKey(ReadOnlySpan<char> id, Span<byte> buffer)
    {
        Utf8 = buffer[..Encoding.UTF8.GetBytes(id, buffer)];
        Hash = string.GetHashCode(id);
    }

    public ReadOnlySpan<byte> Utf8 { get; }

    public int Hash { get; }

    public static int BufferSize(ReadOnlySpan<char> id) => Encoding.UTF8.GetMaxByteCount(id.Length);
}

/// <summary>The ids of a segment's products, and a hash table from id to product. Of several products with one id the last is found.</summary>
internal sealed class ProductIds
{
    private readonly byte[] _utf8;
    private readonly int[] _ends;
    private readonly int[] _hashes;
    private readonly int[] _slots;

    private ProductIds(byte[] utf8, int[] ends, int[] hashes)
    {
        _utf8 = utf8;
        _ends = ends;
        _hashes = hashes;
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, hashes.Length + (hashes.Length / 2)))];
        for (var doc = 0; doc < hashes.Length; doc++)
        {
            var mask = _slots.Length - 1;
            var slot = hashes[doc] & mask;
            while (_slots[slot] != 0 && !(hashes[_slots[slot] - 1] == hashes[doc] && this[_slots[slot] - 1].SequenceEqual(this[doc])))
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = doc + 1;
        }
    }

    public int Count => _ends.Length;

    public ReadOnlySpan<byte> Utf8 => _utf8;

    public ReadOnlySpan<int> Ends => _ends;

    public ReadOnlySpan<byte> this[int doc]
    {
        get
        {
            var start = doc == 0 ? 0 : _ends[doc - 1];
            return _utf8.AsSpan(start, _ends[doc] - start);
        }
    }

    /// <summary>From <see cref="Utf8"/> and <see cref="Ends"/>; hashes are of this process.</summary>
    public static ProductIds Restore(byte[] utf8, int[] ends)
    {
        var hashes = new int[ends.Length];
        Span<char> buffer = stackalloc char[256];
        for (int doc = 0, start = 0; doc < ends.Length; start = ends[doc++])
        {
            var id = utf8.AsSpan(start, ends[doc] - start);
            hashes[doc] = id.Length <= buffer.Length ? string.GetHashCode(buffer[..Encoding.UTF8.GetChars(id, buffer)]) : string.GetHashCode(Encoding.UTF8.GetString(id));
        }

        return new ProductIds(utf8, ends, hashes);
    }

    public string Text(int doc) => Encoding.UTF8.GetString(this[doc]);

    public int HashOf(int doc) => _hashes[doc];

    public int Find(in ProductKey key)
    {
        var mask = _slots.Length - 1;
        for (var slot = key.Hash & mask; ; slot = (slot + 1) & mask)
        {
            var doc = _slots[slot] - 1;
            if (doc < 0)
            {
                return -1;
            }

            if (_hashes[doc] == key.Hash && this[doc].SequenceEqual(key.Utf8))
            {
                return doc;
            }
        }
    }

    public sealed class Builder(int capacity)
    {
        private byte[] _utf8 = new byte[capacity * 12];
        private int[] _ends = new int[capacity];
        private int[] _hashes = new int[capacity];
        private int _length;

        public int Count { get; private set; }

        public void Add(ReadOnlySpan<byte> utf8, int hash)
        {
            if (_length + utf8.Length > _utf8.Length)
            {
                Array.Resize(ref _utf8, (_utf8.Length * 2) + utf8.Length);
            }

            if (Count == _ends.Length)
            {
                Array.Resize(ref _ends, (Count * 2) + 4);
                Array.Resize(ref _hashes, (Count * 2) + 4);
            }

            utf8.CopyTo(_utf8.AsSpan(_length));
            _length += utf8.Length;
            _ends[Count] = _length;
            _hashes[Count++] = hash;
        }

        public ProductIds Build()
        {
            var ids = new ProductIds(_utf8.AsSpan(0, _length).ToArray(), _ends.AsSpan(0, Count).ToArray(), _hashes.AsSpan(0, Count).ToArray());
            _length = 0;
            Count = 0;
            return ids;
        }
    }
}
