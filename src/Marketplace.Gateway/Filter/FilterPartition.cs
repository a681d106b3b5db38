using System.Runtime.InteropServices;

namespace Marketplace.Gateway.Filter;

/// <summary>
/// What the filter knows of one shop partition: for every product the offset of its latest record (the log is the
/// store) and whether it is for sale. About 40 bytes a product.
/// </summary>
public sealed class FilterPartition(int number, int capacity = 0)
{
    private readonly Dictionary<UInt128, ProductState> _products = new(capacity);

    public int Number { get; } = number;

    /// <summary>The next shop offset to be judged.</summary>
    public long Position { get; set; }

    /// <summary>Its output was read up to here when it was loaded.</summary>
    public long OutputEnd { get; set; }

    public IReadOnlyDictionary<UInt128, ProductState> Products => _products;

    public ProductState? Find(UInt128 product) => _products.TryGetValue(product, out var state) ? state : null;

    /// <summary>The product's state, to be changed in place; made as unknown and not for sale when it is new.</summary>
    public ref ProductState At(UInt128 product)
    {
        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_products, product, out var exists);
        if (!exists)
        {
            state = ProductState.Unknown;
        }

        return ref state;
    }
}

/// <summary>One product: packed into eight bytes, since there are millions.</summary>
public readonly record struct ProductState
{
    private const long OnSaleBit = 1;
    private const long WithdrawnBit = 2;
    private const int FlagBits = 2;

    private readonly long _packed;

    public ProductState(long offset, bool onSale, bool withdrawn) =>
        _packed = (offset << FlagBits) | (onSale ? OnSaleBit : 0) | (withdrawn ? WithdrawnBit : 0);

    private ProductState(long packed) => _packed = packed;

    /// <summary>No shop record is known.</summary>
    public static ProductState Unknown { get; } = new(-1, false, true);

    /// <summary>The offset of the latest readable shop record, a tombstone too; -1 when there is none.</summary>
    public long Offset => _packed >> FlagBits;

    /// <summary>All of it, to be kept; see <see cref="Unpack"/>.</summary>
    public long Packed => _packed;

    public bool OnSale => (_packed & OnSaleBit) != 0;

    /// <summary>The latest record is a tombstone, or there is none.</summary>
    public bool Withdrawn => (_packed & WithdrawnBit) != 0;

    public static ProductState Unpack(long packed) => new(packed);

    public ProductState WithSale(bool onSale) => new(Offset, onSale, Withdrawn);
}
