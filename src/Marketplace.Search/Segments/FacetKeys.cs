namespace Marketplace.Search.Segments;

/// <summary>What facets count of a product, in 8 bytes: of a common word they ask so many products that what they read must be little, and in a row.</summary>
/// <param name="Price">In hundredths of a currency's unit, with the currency's place among those of <see cref="FacetKeys"/> in the highest two bits.</param>
internal readonly record struct FacetKey(ushort Category, ushort Brand, uint Price)
{
    /// <summary>A category or brand with a larger id, which <see cref="ProductFacts"/> has.</summary>
    public const ushort Large = ushort.MaxValue;

    /// <summary>What <see cref="Amount"/> counts in, of the units of <see cref="ProductFacts.Price"/>.</summary>
    public const int PriceUnit = ProductColumns.PriceScale / 100;

    public const uint NoPrice = uint.MaxValue;

    /// <summary>A price in a rare currency, a large one or one with more than two decimals, which <see cref="ProductFacts"/> has.</summary>
    public const uint OddPrice = uint.MaxValue - 1;

    public const int AmountBits = 30;

    public uint Currency => Price >> AmountBits;

    public uint Amount => Price & ((1U << AmountBits) - 1);
}

/// <summary>The facet keys of a segment's products.</summary>
internal sealed class FacetKeys
{
    private const int Currencies = 3;

    private readonly ushort[] _currencies;

    public FacetKeys(ReadOnlySpan<ProductFacts> facts)
    {
        _currencies = MostFrequent(facts);
        All = new FacetKey[facts.Length];
        for (var doc = 0; doc < All.Length; doc++)
        {
            ref readonly var product = ref facts[doc];
            All[doc] = new FacetKey((ushort)Math.Min(product.Category, FacetKey.Large), (ushort)Math.Min(product.Brand, FacetKey.Large), PriceOf(product));
        }
    }

    public FacetKey[] All { get; }

    /// <summary>The place of a currency in the keys, negative when they do not have it.</summary>
    public int PlaceOf(int currency) => currency is >= 0 and <= ushort.MaxValue ? Array.IndexOf(_currencies, (ushort)currency) : -1;

    private static ushort[] MostFrequent(ReadOnlySpan<ProductFacts> facts)
    {
        var counts = new Dictionary<ushort, int>();
        foreach (ref readonly var product in facts)
        {
            if (product.Price != ProductColumns.NoPrice)
            {
                counts[product.Currency] = counts.GetValueOrDefault(product.Currency) + 1;
            }
        }

        return [.. counts.OrderByDescending(count => count.Value).Take(Currencies).Select(count => count.Key)];
    }

    private uint PriceOf(in ProductFacts product)
    {
        if (product.Price == ProductColumns.NoPrice)
        {
            return FacetKey.NoPrice;
        }

        var place = PlaceOf(product.Currency);
        var (amount, rest) = Math.DivRem(product.Price, FacetKey.PriceUnit);
        return place >= 0 && rest == 0 && amount is >= 0 and < 1L << FacetKey.AmountBits
            ? ((uint)place << FacetKey.AmountBits) | (uint)amount
            : FacetKey.OddPrice;
    }
}
