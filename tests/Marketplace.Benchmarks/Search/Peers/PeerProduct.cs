using Marketplace.Products;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>A product of the catalogue as an engine takes it in.</summary>
/// <param name="Source">Its line.</param>
internal readonly record struct PeerProduct(ProductDocument Document, ReadOnlyMemory<byte> Source)
{
    // 1, 2, 5, 10, 20, …, as in our price facet.
    private static readonly decimal[] Bounds = [.. Enumerable.Range(0, 36).Select(i => (i % 3) switch { 0 => 1m, 1 => 2m, _ => 5m } * (long)Math.Pow(10, i / 3))];

    /// <summary>The number of the range of round bounds that the price lies in; null for a product without one in roubles.</summary>
    public int? PriceRange => Document.Price is { Currency: Price.DefaultCurrency } price ? Bounds.Count(bound => bound <= price.Amount) : null;

    /// <summary>The products of whole lines.</summary>
    public static IEnumerable<PeerProduct> Read(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        foreach (var piece in pieces)
        {
            for (var left = piece; !left.IsEmpty;)
            {
                var end = left.Span.IndexOf((byte)'\n');
                var source = left[..end];
                ProductReader.TryRead(source.Span, out var document);
                yield return new PeerProduct(document!, source);
                left = left[(end + 1)..];
            }
        }
    }
}
