using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>The query's filters, by ids and scaled prices.</summary>
internal readonly struct ProductFilter
{
    private const int Any = 0;
    private const int Unknown = -1;

    private readonly int _category;
    private readonly int _brand;
    private readonly int _store;
    private readonly long _minPrice;
    private readonly long _maxPrice;
    private readonly int _currency;
    private readonly bool _byPrice;
    private readonly bool _inStock;

    public ProductFilter(SearchQuery query, IndexTables tables)
    {
        _category = tables.Categories.Find(query.Category);
        _brand = tables.Brands.Find(query.Brand);
        _store = tables.Stores.Find(query.StoreId);
        _currency = tables.Currencies.Find(query.Currency);
        _byPrice = query.MinPrice is not null || query.MaxPrice is not null;
        _minPrice = query.MinPrice is { } min ? ProductColumns.ScalePrice(min) : long.MinValue + 1;
        _maxPrice = query.MaxPrice is { } max ? ProductColumns.ScalePrice(max) : long.MaxValue;
        _inStock = query.InStock;
    }

    /// <summary>False when a value is asked for that no product has.</summary>
    public bool CanPass => _category != Unknown && _brand != Unknown && _store != Unknown && (!_byPrice || _currency > 0);

    public bool PassesAll => _category == Any && _brand == Any && _store == Any && !_byPrice && !_inStock;

    public bool Passes(in ProductFacts facts) =>
        (_category == Any || facts.Category == _category)
        && (_brand == Any || facts.Brand == _brand)
        && (_store == Any || facts.Store == _store)
        && (!_inStock || facts.Stock == StockState.InStock)
        && (!_byPrice || (facts.Currency == _currency && facts.Price != ProductColumns.NoPrice && facts.Price >= _minPrice && facts.Price <= _maxPrice));
}
