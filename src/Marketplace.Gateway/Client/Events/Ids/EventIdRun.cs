using System.IO.Hashing;
using System.Runtime.InteropServices;
using Marketplace.EventLog;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.Gateway.Client.Events.Ids;

/// <summary>
/// An immutable file of entries sorted by hash, ended by their checksum. In memory are the first hash of each block and a Bloom
/// filter of one word an id (Putze, Sanders, Singler 2007, blocked): about 1.6 bytes an id, and one read of 3 KB for an id that is there.
/// </summary>
internal sealed class EventIdRun
{
    private const int BlockEntries = 128;
    private const int BitsPerId = 12;
    private const int ChunkBytes = BlockEntries * EventIdEntry.Bytes * 64;

    private readonly SafeFileHandle _file;
    private readonly ulong[] _blocks;
    private readonly ulong[] _filter;

    private EventIdRun(string path, SafeFileHandle file, long count)
    {
        (Path, _file, Count) = (path, file, count);
        _blocks = new ulong[(count + BlockEntries - 1) / BlockEntries];
        _filter = new ulong[Math.Max(1, count * BitsPerId / 64)];
    }

    public string Path { get; }

    public long Count { get; }

    /// <summary>Writes a run; durable when this returns.</summary>
    /// <param name="entries">Sorted.</param>
    public static void Write(string path, IEnumerable<ReadOnlyMemory<EventIdEntry>> entries)
    {
        var hash = new XxHash3();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, ChunkBytes);
        foreach (var part in entries)
        {
            var bytes = MemoryMarshal.AsBytes(part.Span);
            hash.Append(bytes);
            file.Write(bytes);
        }

        file.Write(BitConverter.GetBytes(hash.GetCurrentHashAsUInt64()));
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    public static EventIdRun Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        var length = RandomAccess.GetLength(file) - sizeof(ulong);
        if (length < 0 || length % EventIdEntry.Bytes != 0)
        {
            throw new InvalidDataException($"'{path}' is cut short.");
        }

        var run = new EventIdRun(path, file, length / EventIdEntry.Bytes);
        var hash = new XxHash3();
        var at = 0L;
        foreach (var part in run.Entries())
        {
            hash.Append(MemoryMarshal.AsBytes(part.Span));
            foreach (ref readonly var entry in part.Span)
            {
                if (at % BlockEntries == 0)
                {
                    run._blocks[at / BlockEntries] = entry.High;
                }

                run._filter[run.WordOf(entry.High)] |= BitsOf(entry.Low);
                at++;
            }
        }

        Span<byte> sum = stackalloc byte[sizeof(ulong)];
        RandomAccess.Read(file, sum, length);
        return BitConverter.ToUInt64(sum) == hash.GetCurrentHashAsUInt64() ? run : throw new InvalidDataException($"'{path}' is damaged.");
    }

    /// <summary>All entries in order, in parts that are good until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<EventIdEntry>> Entries()
    {
        var buffer = new EventIdEntry[ChunkBytes / EventIdEntry.Bytes];
        for (var at = 0L; at < Count; at += buffer.Length)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, Count - at));
            ReadExactly(MemoryMarshal.AsBytes(part.Span), at * EventIdEntry.Bytes);
            yield return part;
        }
    }

    public RecordPosition? Find(UInt128 hash)
    {
        var (high, low) = ((ulong)(hash >> 64), (ulong)hash);
        var bits = BitsOf(low);
        if ((_filter[WordOf(high)] & bits) != bits || Count == 0)
        {
            return null;
        }

        // Equal upper halves may begin before the block that begins with one.
        var block = Array.BinarySearch(_blocks, high);
        block = block < 0 ? ~block - 1 : block;
        while (block > 0 && _blocks[block] == high)
        {
            block--;
        }

        Span<EventIdEntry> entries = stackalloc EventIdEntry[BlockEntries];
        for (; block >= 0 && block < _blocks.Length && _blocks[block] <= high; block++)
        {
            var first = (long)block * BlockEntries;
            var found = entries[..(int)Math.Min(BlockEntries, Count - first)];
            ReadExactly(MemoryMarshal.AsBytes(found), first * EventIdEntry.Bytes);
            foreach (ref readonly var entry in found)
            {
                if (entry.IsOf(hash))
                {
                    return entry.First;
                }
            }
        }

        return null;
    }

    private long WordOf(ulong high) => (long)Math.BigMul(high, (ulong)_filter.Length, out _);

    /// <summary>Four bits of a word.</summary>
    private static ulong BitsOf(ulong low) =>
        (1UL << (int)(low & 63)) | (1UL << (int)((low >> 6) & 63)) | (1UL << (int)((low >> 12) & 63)) | (1UL << (int)((low >> 18) & 63));

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{Path}' is shorter than it was.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
