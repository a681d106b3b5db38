using Marketplace.Search.Sources;

namespace Marketplace.Search.Segments;

internal enum StockState : byte
{
    Unknown,
    InStock,
    SoldOut,
}

/// <summary>What filters, facets and ranking ask of a product; keywords by their ids. In 32 bytes, so that a product costs them one look at memory.</summary>
internal struct ProductFacts
{
    /// <summary>The term of the whole SKU plus one, 0 for none.</summary>
    public int SkuTerm;
    public int Category;

    /// <summary>In ten-thousandths of the currency's unit, <see cref="ProductColumns.NoPrice"/> for none.</summary>
    public long Price;
    public ushort Currency;
    public StockState Stock;

    /// <summary>Words of the name, 255 for that many and more.</summary>
    public byte NameLength;
    public int Brand;
    public float Popularity;
    public int Store;
}

/// <summary>What is known of one product beside its words.</summary>
internal struct ProductRow
{
    public long Timestamp;
    public long VisibleSince;
    public ProductFacts Facts;
    public SourcePointer Source;
}

/// <summary>The rows of a segment's products, a column for what is asked for together, and the specifications of each product.</summary>
internal sealed class ProductColumns
{
    public const long NoPrice = long.MinValue;
    public const int PriceScale = 10_000;

    public int Count { get; private set; }

    public long[] Timestamps;
    public long[] VisibleSince;
    public ProductFacts[] Facts;
    public SourcePointer[] Sources;
    public int[] SpecificationEnds;
    public int[] Specifications;
    private int _specificationCount;

    public ProductColumns(int capacity)
    {
        Timestamps = new long[capacity];
        VisibleSince = new long[capacity];
        Facts = new ProductFacts[capacity];
        Sources = new SourcePointer[capacity];
        SpecificationEnds = new int[capacity];
        Specifications = new int[capacity * 4];
    }

    public static long ScalePrice(decimal amount) =>
        (long)Math.Clamp(decimal.Round(Math.Clamp(amount, -900_000_000_000_000m, 900_000_000_000_000m) * PriceScale), long.MinValue + 1, long.MaxValue);

    public static decimal UnscalePrice(long price) => (decimal)price / PriceScale;

    public ReadOnlySpan<int> SpecificationsOf(int doc)
    {
        var start = doc == 0 ? 0 : SpecificationEnds[doc - 1];
        return Specifications.AsSpan(start, SpecificationEnds[doc] - start);
    }

    public void Add(in ProductRow row, ReadOnlySpan<int> specifications)
    {
        if (Count == Timestamps.Length)
        {
            Resize(Math.Max(16, Count * 2));
        }

        var doc = Count++;
        Timestamps[doc] = row.Timestamp;
        VisibleSince[doc] = row.VisibleSince;
        Facts[doc] = row.Facts;
        Sources[doc] = row.Source;
        if (_specificationCount + specifications.Length > Specifications.Length)
        {
            Array.Resize(ref Specifications, (Specifications.Length * 2) + specifications.Length);
        }

        specifications.CopyTo(Specifications.AsSpan(_specificationCount));
        _specificationCount += specifications.Length;
        SpecificationEnds[doc] = _specificationCount;
    }

    public ProductRow Row(int doc) => new()
    {
        Timestamp = Timestamps[doc],
        VisibleSince = VisibleSince[doc],
        Facts = Facts[doc],
        Source = Sources[doc],
    };

    /// <summary>
    /// Products can be found from now on. What was written before the index began is only learnt again: it has been found since it was
    /// written, as near as is known. All times are Unix milliseconds.
    /// </summary>
    public void NoteVisible(long began, long now)
    {
        for (var doc = 0; doc < Count; doc++)
        {
            VisibleSince[doc] = Timestamps[doc] < began ? Timestamps[doc] : now;
        }
    }

    /// <summary>Counts what was set from outside.</summary>
    public void Restore()
    {
        Count = Timestamps.Length;
        _specificationCount = Specifications.Length;
    }

    /// <summary>Gives back what the columns do not need.</summary>
    public ProductColumns Trim()
    {
        Resize(Count);
        Array.Resize(ref Specifications, _specificationCount);
        return this;
    }

    private void Resize(int size)
    {
        Array.Resize(ref Timestamps, size);
        Array.Resize(ref VisibleSince, size);
        Array.Resize(ref Facts, size);
        Array.Resize(ref Sources, size);
        Array.Resize(ref SpecificationEnds, size);
    }
}
