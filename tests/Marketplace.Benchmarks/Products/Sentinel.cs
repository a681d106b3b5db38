using System.Text;
using Marketplace.Benchmarks.Load;
using Marketplace.EventLog;

namespace Marketplace.Benchmarks.Products;

/// <summary>A product whose name is a word that no other product has.</summary>
internal sealed record Sentinel(string Id, string Word)
{
    public byte[] Body { get; } = Encoding.UTF8.GetBytes($$"""{"product_id":"{{Id}}","name":"{{Word}}"}""");

    public byte[] Post => HttpRequests.WithBody("POST", HttpRequests.Products, Body);

    public byte[] Ban => HttpRequests.WithBody("PUT", $"/banned/{Id}", """{"reason":"benchmark"}"""u8);

    public byte[] Search { get; } = HttpRequests.Get($"/client/search?q={Word}");

    private byte[] IdBytes { get; } = Encoding.UTF8.GetBytes(Id);

    /// <summary>Whether the search's answer holds this product, and not one that a tolerant search took for it.</summary>
    public bool IsIn(AnswerReader answer) => answer.Body.IndexOf(IdBytes) >= 0;
}

/// <summary>Makes sentinels of ever new words.</summary>
internal sealed class SentinelSource(Random random)
{
    /// <summary>The default of <c>EventLog:Partitions</c>.</summary>
    private const int Partitions = 6;

    private const int WordLength = 14;
    private int _made;

    public Sentinel Next() => new($"sentinel-{_made++}-{random.Next():x}", new string(random.GetItems<char>("abcdefghijklmnopqrstuvwxyz", WordLength)));

    /// <summary>
    /// One for each partition of the shop's topic. Partitions are processed in order, so when these have arrived somewhere,
    /// everything sent before them has.
    /// </summary>
    public Sentinel[] OnePerPartition() =>
        [.. Enumerable.Range(0, Partitions).Select(partition =>
        {
            while (true)
            {
                var sentinel = Next();
                if (KafkaPartitioner.PartitionFor(Encoding.UTF8.GetBytes(sentinel.Id), Partitions) == partition)
                {
                    return sentinel;
                }
            }
        })];
}
