using System.Buffers;
using Marketplace.SampleData.Generation;

namespace Marketplace.SampleData;

/// <summary>
/// A made-up catalogue in Russian and English. A product is a pure function of the seed and its index, so any part of it
/// can be made anywhere and again. The same index has the same <c>product_id</c> whatever the seed.
/// Not safe for concurrent use: an instance is cheap, take one for each thread.
/// </summary>
public sealed class SampleCatalog
{
    /// <summary>How many products the sample is meant to have when nobody says otherwise.</summary>
    public const int DefaultCount = 2_400;

    private const int FirstId = 1_000_000;

    private readonly ProductGenerator _generator;

    public SampleCatalog(SampleOptions? options = null) => _generator = new ProductGenerator(options ?? new SampleOptions());

    /// <summary>The id of the product at this index: 12345 for the first, then seven digits and, past nine millions, more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static long ProductId(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index == 0 ? FirstProduct.Id : FirstId + (long)index;
    }

    /// <summary>Writes the product at this index: one JSON object in UTF-8 on one line, without a line end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public void Write(IBufferWriter<byte> output, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (index == 0)
        {
            output.Write(FirstProduct.Json);
            return;
        }

        _generator.Write(output, index, ProductId(index));
    }

    /// <summary>The first <paramref name="count"/> products, each a line of JSON in an array of its own.</summary>
    public IEnumerable<byte[]> Take(int count)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        for (var index = 0; index < count; index++)
        {
            Write(buffer, index);
            yield return buffer.WrittenSpan.ToArray();
            buffer.ResetWrittenCount();
        }
    }
}

/// <summary>What a sample catalogue is made from.</summary>
public sealed record SampleOptions
{
    public const int MinTargetBytes = 550;

    public const int MaxTargetBytes = 512 * 1024;

    public int Seed { get; init; } = 1;

    /// <summary>
    /// The mean size of a product in bytes of JSON, <see cref="MinTargetBytes"/> to <see cref="MaxTargetBytes"/>, reached by
    /// the length of the description (small ones have fewer images and specifications); null: as the texts come, about 1 KB.
    /// </summary>
    public int? TargetBytes
    {
        get;
        init => field = value is null or (>= MinTargetBytes and <= MaxTargetBytes)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TargetBytes), value, $"The size of a product is {MinTargetBytes} to {MaxTargetBytes} bytes.");
    }
}
