using Marketplace.Products;
using Marketplace.Search.Correcting;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Suggesting;

/// <summary>
/// Completes what is being typed to queries of others, brands, categories and products, all of what is for sale. It looks at a bounded
/// number of products, so that one letter costs no more than a word.
/// </summary>
internal sealed class Suggester(SearchSnapshot snapshot)
{
    private const int MaxKeywords = 3;
    private const int MaxQueries = 3;

    /// <summary>Queries looked at for those that still find something.</summary>
    private const int LookedQueries = 8;

    /// <summary>Products looked at for the best few.</summary>
    private const int Effort = 2_000;

    public IReadOnlyList<Suggestion> Suggest(string text, int limit, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text) || limit <= 0)
        {
            return [];
        }

        var suggestions = new List<Suggestion>();
        AddQueries(text, suggestions, cancellationToken);

        // What begins a word of a product as it is typed is no mistyped brand.
        var result = snapshot.Search(new SearchQuery { Text = text, Limit = limit, Highlight = false, Effort = Effort }, cancellationToken);
        var isMistyped = result.Hits.Count == 0 || result.DidYouMean is not null;
        AddKeywords(snapshot.Tables.Brands, "brand", text.Trim(), isMistyped, suggestions);
        AddKeywords(snapshot.Tables.Categories, "category", text.Trim(), isMistyped, suggestions);
        foreach (var hit in result.Hits)
        {
            if (ProductReader.TryReadTexts(hit.Source.Span, out var product))
            {
                suggestions.Add(new Suggestion(product.Name, "product", product.Id));
            }
        }

        return [.. suggestions.DistinctBy(s => s.Text, StringComparer.OrdinalIgnoreCase).Take(limit)];
    }

    /// <summary>Queries of which some product for sale has every word as typed: what only a banned product had, or one client's slip, is nobody's suggestion.</summary>
    private void AddQueries(string text, List<Suggestion> suggestions, CancellationToken cancellationToken)
    {
        if (snapshot.Options.Queries is not { Count: > 0 } queries)
        {
            return;
        }

        foreach (var query in queries.Complete(text, LookedQueries))
        {
            if (suggestions.Count < MaxQueries && snapshot.Finds(query, cancellationToken))
            {
                suggestions.Add(new Suggestion(query, "query"));
            }
        }
    }

    /// <summary>
    /// The values that begin with the text, those of most products first; only values that a product has now. Where there is none, those
    /// that begin with it on the other keyboard layout, or but for a typo where it may be mistyped.
    /// </summary>
    private static void AddKeywords(KeywordTable table, string kind, string text, bool isMistyped, List<Suggestion> suggestions)
    {
        var found = table.BeginningWith(text);
        if (found.Count == 0 && KeyboardLayout.Switch(text) is { } switched)
        {
            found = table.BeginningWith(switched);
        }

        if (found.Count == 0 && isMistyped)
        {
            found = table.BeginningNearly(text);
        }

        found.Sort((a, b) => table.Uses(b) != table.Uses(a) ? table.Uses(b).CompareTo(table.Uses(a)) : string.CompareOrdinal(table.Shown(a), table.Shown(b)));
        suggestions.AddRange(found.Where(id => table.Uses(id) > 0).Take(MaxKeywords).Select(id => new Suggestion(table.Shown(id), kind)));
    }
}
