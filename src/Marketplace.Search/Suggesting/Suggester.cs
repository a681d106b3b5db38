using Marketplace.Products;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Suggesting;

/// <summary>
/// Completes what is being typed to brands, categories and products that are for sale. It looks at a bounded number of products, so
/// that one letter costs no more than a word.
/// </summary>
internal sealed class Suggester(SearchSnapshot snapshot)
{
    private const int MaxKeywords = 3;

    /// <summary>Products looked at for the best few.</summary>
    private const int Effort = 2_000;

    public IReadOnlyList<Suggestion> Suggest(string text, int limit, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text) || limit <= 0)
        {
            return [];
        }

        var suggestions = new List<Suggestion>();
        AddKeywords(snapshot.Tables.Brands, "brand", text.Trim(), suggestions, columns => columns.Brands);
        AddKeywords(snapshot.Tables.Categories, "category", text.Trim(), suggestions, columns => columns.Categories);
        var result = snapshot.Search(new SearchQuery { Text = text, Limit = limit, Highlight = false, Effort = Effort }, cancellationToken);
        foreach (var hit in result.Hits)
        {
            if (ProductReader.TryRead(hit.Source.Span, out var product))
            {
                suggestions.Add(new Suggestion(product.Name, "product", product.Id));
            }
        }

        return [.. suggestions.DistinctBy(s => s.Text, StringComparer.OrdinalIgnoreCase).Take(limit)];
    }

    /// <summary>The values that begin with the text, those of most products first; only values that a product has now.</summary>
    private void AddKeywords(KeywordTable table, string kind, string text, List<Suggestion> suggestions, Func<Segments.ProductColumns, int[]> column)
    {
        var found = table.BeginningWith(text);
        found.Sort((a, b) => table.Uses(b) != table.Uses(a) ? table.Uses(b).CompareTo(table.Uses(a)) : string.CompareOrdinal(table.Shown(a), table.Shown(b)));
        suggestions.AddRange(found.Where(id => IsForSale(id, column)).Take(MaxKeywords).Select(id => new Suggestion(table.Shown(id), kind)));
    }

    private bool IsForSale(int id, Func<Segments.ProductColumns, int[]> column)
    {
        foreach (var view in snapshot.Segments)
        {
            var values = column(view.Segment.Columns).AsSpan(0, view.Segment.Count);
            for (var at = values.IndexOf(id); at >= 0;)
            {
                if (!view.IsDeleted(at))
                {
                    return true;
                }

                var next = values[(at + 1)..].IndexOf(id);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return false;
    }
}
