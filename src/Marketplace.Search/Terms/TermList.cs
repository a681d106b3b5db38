namespace Marketplace.Search.Terms;

/// <summary>Term ids, each with 64 bits to tell most mismatches without looking the term up. Appended to by one writer, read without a lock.</summary>
internal sealed class TermList
{
    private volatile Storage _storage = new(8);
    private volatile int _count;

    public void Add(int term, ulong bits)
    {
        var storage = _storage;
        if (_count == storage.Terms.Length)
        {
            storage = storage.Grow();
            _storage = storage;
        }

        storage.Terms[_count] = term;
        storage.Bits[_count] = bits;
        _count++;
    }

    public void Read(out ReadOnlySpan<int> terms, out ReadOnlySpan<ulong> bits)
    {
        var count = _count;
        var storage = _storage;
        terms = storage.Terms.AsSpan(0, count);
        bits = storage.Bits.AsSpan(0, count);
    }

    private sealed class Storage(int capacity)
    {
        public readonly int[] Terms = new int[capacity];
        public readonly ulong[] Bits = new ulong[capacity];

        public Storage Grow()
        {
            var larger = new Storage(Terms.Length * 2);
            Terms.CopyTo(larger.Terms, 0);
            Bits.CopyTo(larger.Bits, 0);
            return larger;
        }
    }
}
