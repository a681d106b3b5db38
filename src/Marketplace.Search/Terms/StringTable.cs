namespace Marketplace.Search.Terms;

/// <summary>
/// Interns strings as ids 0, 1, 2, … and is only ever appended to: one writer, any number of readers without a lock.
/// A reader may see strings newer than its snapshot; they have no postings there.
/// </summary>
internal sealed class StringTable
{
    private const int BlockLength = 1 << 16;

    /// <summary>Longer strings are cut to this many characters.</summary>
    public const int MaxLength = 1024;

    private volatile char[][] _blocks = [new char[BlockLength]];
    private volatile Entry[] _entries = new Entry[256];
    private volatile ulong[] _slots = new ulong[1024];
    private volatile int _count;
    private int _blockCount = 1;
    private int _used;

    public int Count => _count;

    public ReadOnlySpan<char> this[int id]
    {
        get
        {
            var entry = _entries[id];
            return _blocks[entry.Block].AsSpan(entry.Start, entry.Length);
        }
    }

    /// <summary>The id of a string, -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        text = Cut(text);
        return Find(text, Hash(text), _slots, out _);
    }

    public int Intern(ReadOnlySpan<char> text)
    {
        text = Cut(text);
        var hash = Hash(text);
        var found = Find(text, hash, _slots, out var slot);
        if (found >= 0)
        {
            return found;
        }

        if ((_count + 1) * 2 > _slots.Length)
        {
            Grow();
            Find(text, hash, _slots, out slot);
        }

        var id = Append(text);
        // The entry is complete before its slot lets readers find it.
        Volatile.Write(ref _slots[slot], ((ulong)hash << 32) | (uint)(id + 1));
        return id;
    }

    /// <summary>Adds a string that is not there yet; there must be room (<see cref="EnsureCapacity"/>).</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var hash = Hash(text);
        var slots = _slots;
        var slot = (int)hash & (slots.Length - 1);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        var id = Append(text);
        Volatile.Write(ref slots[slot], ((ulong)hash << 32) | (uint)(id + 1));
    }

    /// <summary>Makes room for as many strings at once; for an empty table.</summary>
    public void EnsureCapacity(int strings)
    {
        var slots = _slots.Length;
        while ((strings + 1) * 2L > slots)
        {
            slots *= 2;
        }

        _slots = new ulong[slots];
        _entries = new Entry[Math.Max(strings, _entries.Length)];
    }

    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text) => text.Length > MaxLength ? text[..MaxLength] : text;

    // Randomized per process: nobody can choose words that collide.
    private static uint Hash(ReadOnlySpan<char> text) => (uint)string.GetHashCode(text);

    private int Find(ReadOnlySpan<char> text, uint hash, ulong[] slots, out int slot)
    {
        var mask = slots.Length - 1;
        for (slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var value = Volatile.Read(ref slots[slot]);
            if (value == 0)
            {
                return -1;
            }

            var id = (int)(uint)value - 1;
            if ((uint)(value >> 32) == hash && this[id].SequenceEqual(text))
            {
                return id;
            }
        }
    }

    private int Append(ReadOnlySpan<char> text)
    {
        if (_used + text.Length > BlockLength)
        {
            if (_blockCount == _blocks.Length)
            {
                var blocks = _blocks;
                Array.Resize(ref blocks, _blockCount * 2);
                _blocks = blocks;
            }

            _blocks[_blockCount++] = new char[BlockLength];
            _used = 0;
        }

        var id = _count;
        if (id == _entries.Length)
        {
            var entries = _entries;
            Array.Resize(ref entries, id * 2);
            _entries = entries;
        }

        text.CopyTo(_blocks[_blockCount - 1].AsSpan(_used));
        _entries[id] = new Entry(_blockCount - 1, (ushort)_used, (ushort)text.Length);
        _used += text.Length;
        _count = id + 1;
        return id;
    }

    private void Grow()
    {
        var old = _slots;
        var slots = new ulong[old.Length * 2];
        var mask = slots.Length - 1;
        foreach (var value in old)
        {
            if (value != 0)
            {
                var slot = (int)(value >> 32) & mask;
                while (slots[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                slots[slot] = value;
            }
        }

        _slots = slots;
    }

    private readonly record struct Entry(int Block, ushort Start, ushort Length);
}
