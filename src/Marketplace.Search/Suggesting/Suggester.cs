using Marketplace.Products;

namespace Marketplace.Search.Suggesting;

/// <summary>Completes what is being typed to brands, categories and products that are for sale.</summary>
internal sealed class Suggester(SearchSnapshot snapshot)
{
    private const int MaxKeywords = 3;

    public IReadOnlyList<Suggestion> Suggest(string text, int limit, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text) || limit <= 0)
        {
            return [];
        }

        var result = snapshot.Search(new SearchQuery { Text = text, Limit = limit, Highlight = false, Facets = ["brand", "category"] }, cancellationToken);
        var suggestions = new List<Suggestion>();
        AddKeywords(result.Facets[0], "brand", text, suggestions);
        AddKeywords(result.Facets[1], "category", text, suggestions);
        foreach (var hit in result.Hits)
        {
            if (ProductReader.TryRead(hit.Source.Span, out var product))
            {
                suggestions.Add(new Suggestion(product.Name, "product", product.Id));
            }
        }

        return [.. suggestions.DistinctBy(s => s.Text, StringComparer.OrdinalIgnoreCase).Take(limit)];
    }

    private static void AddKeywords(Facet facet, string kind, string text, List<Suggestion> suggestions) =>
        suggestions.AddRange(facet.Values
            .Where(v => v.Value.StartsWith(text.Trim(), StringComparison.OrdinalIgnoreCase))
            .Take(MaxKeywords)
            .Select(v => new Suggestion(v.Value, kind)));
}
