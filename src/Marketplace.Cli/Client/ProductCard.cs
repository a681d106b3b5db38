using System.Runtime.InteropServices;
using System.Text.Json;
using Marketplace.Cli.Output;
using Marketplace.Products;

namespace Marketplace.Cli.Client;

/// <summary>What is shown of a product, as markup: a shop's text cannot change the terminal.</summary>
internal sealed record ProductCard(string Id, string Name, string Brand, string Price, string Stock, ProductDocument? Document)
{
    public static ProductCard Read(JsonElement product)
    {
        if (!ProductReader.TryRead(JsonMarshal.GetRawUtf8Value(product), out var document))
        {
            // Where search does not run beside, only the id is known.
            return new ProductCard(product.TryGetProperty("product_id", out var id) ? Words.Markup(id.ToString()) : "", "", "", "", "", null);
        }

        return new ProductCard(
            Words.Markup(document.Id),
            Words.Markup(document.Name),
            Words.Markup(document.Brand),
            document.Price is { } price ? Words.Markup(Words.Price(price.Amount, price.Currency)) : "",
            document.Available switch { null => "", <= 0 => "[red]нет[/]", var count => Words.Number(count.Value) },
            document);
    }
}
