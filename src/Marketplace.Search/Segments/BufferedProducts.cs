namespace Marketplace.Search.Segments;

/// <summary>Which products wait in the buffer, and which of those were replaced or deleted before they were sealed.</summary>
internal sealed class BufferedProducts
{
    private readonly Dictionary<string, (int Doc, ProductRow Row)> _byId = new(StringComparer.Ordinal);
    private readonly List<int> _removed = [];

    public void Add(string productId, int doc, in ProductRow row) => _byId[productId] = (doc, row);

    public bool Remove(string productId, out ProductRow row)
    {
        var found = _byId.Remove(productId, out var product);
        row = product.Row;
        if (found)
        {
            _removed.Add(product.Doc);
        }

        return found;
    }

    /// <summary>A bit for each product removed, null when there is none; starts anew.</summary>
    public ulong[]? TakeRemoved(int count)
    {
        var bits = _removed.Count > 0 ? new ulong[(count + 63) / 64] : null;
        foreach (var doc in _removed)
        {
            bits![doc >> 6] |= 1UL << doc;
        }

        _byId.Clear();
        _removed.Clear();
        return bits;
    }
}
