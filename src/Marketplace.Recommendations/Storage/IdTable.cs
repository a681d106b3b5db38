using System.Security.Cryptography;
using System.Text;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Storage;

/// <summary>
/// Numbers identifiers 0, 1, 2, … in the order they come and finds them again; one writer, many readers without locks.
/// Identifiers are UTF-8 bytes in 64 KiB chunks, an entry of the hash table is 8 bytes: no object an identifier.
/// </summary>
public sealed class IdTable
{
    public const int MaxIdBytes = 4096;
    private const int ChunkBits = 16;
    private const int ChunkBytes = 1 << ChunkBits;
    private const int LengthBytes = sizeof(ushort);

    /// <summary>Clients choose identifiers, so where one lands in the table must not be theirs to choose. Nothing else depends on it.</summary>
    private static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private readonly ChunkedArray<uint> _positions = new();
    private readonly ChunkedArray<byte[]> _chunks = new();
    private ulong[] _slots = new ulong[64];
    private uint _end;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>For the writer: what the identifiers take up, without the hash table.</summary>
    public long Bytes => _end;

    /// <summary>The identifier's number, or -1.</summary>
    public int Find(ReadOnlySpan<byte> id) => Find(id, Tag(id), Volatile.Read(ref _slots));

    /// <summary>The identifier's number, or -1.</summary>
    public int Find(string id)
    {
        if (id.Length * 3 > MaxIdBytes)
        {
            return -1;
        }

        Span<byte> buffer = stackalloc byte[id.Length * 3];
        return Find(buffer[..Encoding.UTF8.GetBytes(id, buffer)]);
    }

    /// <exception cref="ArgumentException">It is empty or longer than <see cref="MaxIdBytes"/>.</exception>
    public int FindOrAdd(ReadOnlySpan<byte> id)
    {
        if (id.Length is 0 or > MaxIdBytes)
        {
            throw new ArgumentException($"An identifier has 1 to {MaxIdBytes} bytes, this one {id.Length}.", nameof(id));
        }

        var tag = Tag(id);
        var found = Find(id, tag, _slots);
        return found >= 0 ? found : Add(id, tag);
    }

    public ReadOnlySpan<byte> BytesOf(int index)
    {
        var position = _positions.Read(index);
        var chunk = _chunks.Read((int)(position >> ChunkBits))!;
        var at = (int)(position & (ChunkBytes - 1));
        return chunk.AsSpan(at + LengthBytes, BitConverter.ToUInt16(chunk, at));
    }

    public string TextOf(int index) => Encoding.UTF8.GetString(BytesOf(index));

    public void Save(SnapshotWriter writer)
    {
        writer.Write(_count);
        for (var index = 0; index < _count; index++)
        {
            var id = BytesOf(index);
            writer.Write((ushort)id.Length);
            writer.Write(id);
        }
    }

    /// <summary>Into an empty table.</summary>
    public void Load(SnapshotReader reader)
    {
        var count = reader.ReadCount();
        Span<byte> id = stackalloc byte[MaxIdBytes];
        for (var index = 0; index < count; index++)
        {
            var length = Math.Min((int)reader.Read<ushort>(), MaxIdBytes);
            reader.Read(id[..length]);
            FindOrAdd(id[..length]);
        }
    }

    private static uint Tag(ReadOnlySpan<byte> id) => (uint)StableHash.Of(id, Seed);

    private int Find(ReadOnlySpan<byte> id, uint tag, ulong[] slots)
    {
        var mask = slots.Length - 1;
        for (var at = (int)tag & mask; ; at = (at + 1) & mask)
        {
            var slot = Volatile.Read(ref slots[at]);
            if (slot == 0)
            {
                return -1;
            }

            if ((uint)(slot >> 32) == tag && BytesOf((int)(uint)slot - 1).SequenceEqual(id))
            {
                return (int)(uint)slot - 1;
            }
        }
    }

    private int Add(ReadOnlySpan<byte> id, uint tag)
    {
        if ((_count + 1) * 3L > _slots.Length * 2L)
        {
            Grow();
        }

        var index = _count;
        _positions.At(index) = Store(id);
        Insert(_slots, ((ulong)tag << 32) | (uint)(index + 1));
        Volatile.Write(ref _count, index + 1);
        return index;
    }

    private uint Store(ReadOnlySpan<byte> id)
    {
        var needed = LengthBytes + id.Length;
        if ((_end & (ChunkBytes - 1)) + needed > ChunkBytes)
        {
            _end = ((_end >> ChunkBits) + 1) << ChunkBits;
        }

        ref var chunk = ref _chunks.At((int)(_end >> ChunkBits));
        chunk ??= new byte[ChunkBytes];
        var at = (int)(_end & (ChunkBytes - 1));
        BitConverter.TryWriteBytes(chunk.AsSpan(at), (ushort)id.Length);
        id.CopyTo(chunk.AsSpan(at + LengthBytes));
        var position = _end;
        _end = checked(_end + (uint)needed);
        return position;
    }

    private void Grow()
    {
        var grown = new ulong[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot != 0)
            {
                Insert(grown, slot);
            }
        }

        Volatile.Write(ref _slots, grown);
    }

    /// <summary>The slot is written last: who sees it, sees what it points to.</summary>
    private static void Insert(ulong[] slots, ulong slot)
    {
        var mask = slots.Length - 1;
        var at = (int)(uint)(slot >> 32) & mask;
        while (slots[at] != 0)
        {
            at = (at + 1) & mask;
        }

        Volatile.Write(ref slots[at], slot);
    }
}
