using System.Text;
using Marketplace.Products;

namespace Marketplace.Search.Tests;

/// <summary>Products given to an index as a shop writes them.</summary>
internal static class JsonProducts
{
    public static void Upsert(this SearchIndex index, string json, long timestampMs = 1)
    {
        var source = Encoding.UTF8.GetBytes(json);
        ProductReader.TryRead(source, out var product).ShouldBeTrue();
        index.Upsert(product!, source, timestampMs);
    }
}
