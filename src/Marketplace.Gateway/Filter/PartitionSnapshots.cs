using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Hashing;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Snapshots;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Filter;

/// <summary>
/// What the filter knows of its partitions, on the disk, so that a start reads the log from there on. It only saves time: it is taken
/// when all that was judged is durable, and whatever is wrong with it, the log is read from its beginning.
/// </summary>
/// <param name="worthSaving">So few records are read again at a start sooner than a snapshot is written.</param>
public sealed class PartitionSnapshots(string folder, TimeProvider time, long worthSaving = 20_000)
{
    // Format (little endian): version, partitions of the topic, ids of shop-products and filtered-products, the next offset in each,
    // number of products; 24 bytes a product: hash of its id, packed state; XXH64 of all before it.
    private const int Version = 1;
    private const int HeaderBytes = 64;
    private const int EntryBytes = 24;
    private const int HashBytes = sizeof(ulong);

    public bool IsWorthSaving(long unsaved) => unsaved >= worthSaving;

    /// <summary>While the filter runs, a snapshot is due when as many records came as there are products: so a record costs the disk 24 bytes more, however many products there are.</summary>
    public bool IsDue(long unsaved, IEnumerable<FilterPartition> partitions) => IsWorthSaving(unsaved) && unsaved >= partitions.Sum(partition => (long)partition.Products.Count);

    /// <param name="outputEnd">The next offset of the partition of <c>filtered-products</c>, behind all that <paramref name="partition"/> knows.</param>
    /// <exception cref="IOException">It could not be written; the one before it is still there.</exception>
    public void Save(FilterPartition partition, long outputEnd, TopicPair topics)
    {
        if (partition.Products.Values.Any(state => state is { OnSale: true, Withdrawn: true }))
        {
            // Such a product is on its way out, by its id, which is not among what is saved.
            return;
        }

        var bytes = new byte[HeaderBytes + (partition.Products.Count * EntryBytes) + HashBytes];
        WriteHeader(bytes, topics, partition.Position, outputEnd, partition.Products.Count);
        var entry = bytes.AsSpan(HeaderBytes);
        foreach (var (key, state) in partition.Products)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(entry, key);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], state.Packed);
            entry = entry[EntryBytes..];
        }

        BinaryPrimitives.WriteUInt64LittleEndian(entry, XxHash64.HashToUInt64(bytes.AsSpan(0, bytes.Length - HashBytes)));
        StateFile.Write(PathOf(partition.Number), file => file.Write(bytes));
    }

    /// <summary>The partition as it was saved, with the end of its output then; false where there is nothing that fits the log.</summary>
    /// <param name="position">Up to where the group has judged the partition.</param>
    /// <param name="outputEnd">Where its output ends now.</param>
    public bool TryLoad(int number, TopicPair topics, long position, long outputEnd, [NotNullWhen(true)] out FilterPartition? partition)
    {
        partition = SnapshotFile.TryOpen(PathOf(number), time, file =>
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Read(number, bytes, topics) is { } saved && saved.Position <= position && saved.OutputEnd <= outputEnd ? saved : null;
        });
        return partition is not null;
    }

    private static FilterPartition? Read(int number, ReadOnlySpan<byte> bytes, TopicPair topics)
    {
        Span<byte> expected = stackalloc byte[HeaderBytes];
        if (bytes.Length < HeaderBytes + HashBytes || XxHash64.HashToUInt64(bytes[..^HashBytes]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[^HashBytes..]))
        {
            return null;
        }

        var (position, outputEnd, count) = (BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]));
        WriteHeader(expected, topics, position, outputEnd, count);
        if (!bytes[..HeaderBytes].SequenceEqual(expected) || bytes.Length != HeaderBytes + (count * EntryBytes) + HashBytes)
        {
            return null;
        }

        var partition = new FilterPartition(number, (int)count) { Position = position, OutputEnd = outputEnd };
        for (var entry = bytes[HeaderBytes..^HashBytes]; !entry.IsEmpty; entry = entry[EntryBytes..])
        {
            partition.At(BinaryPrimitives.ReadUInt128LittleEndian(entry)) = ProductState.Unpack(BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
        }

        return partition;
    }

    private static void WriteHeader(Span<byte> header, TopicPair topics, long position, long outputEnd, long count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], topics.Partitions);
        topics.Shop.TryWriteBytes(header[8..]);
        topics.Filtered.TryWriteBytes(header[24..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], position);
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], outputEnd);
        BinaryPrimitives.WriteInt64LittleEndian(header[56..], count);
    }

    private string PathOf(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"filter-{number}.snapshot"));
}

/// <summary>The topics that a state is of: one that was made anew has another id, one that was expanded puts keys elsewhere.</summary>
public readonly record struct TopicPair(Guid Shop, Guid Filtered, int Partitions)
{
    public static async Task<TopicPair> OfAsync(IEventLog log, CancellationToken cancellationToken)
    {
        var topics = await log.DescribeTopicsAsync(cancellationToken);
        var (shop, filtered) = (topics[Topics.TopicNames.ShopProducts], topics[Topics.TopicNames.FilteredProducts]);
        return new TopicPair(shop.Id, filtered.Id, shop.Spec.Partitions);
    }
}
