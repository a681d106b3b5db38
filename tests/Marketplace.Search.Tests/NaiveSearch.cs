using Marketplace.Products;
using Marketplace.Search.Analysis;
using Marketplace.Search.Querying;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Tests;

internal sealed record NaiveProduct(ProductDocument Product, byte[] Source, long Timestamp);

/// <summary>What the index must answer, found by looking at every product with the same scoring.</summary>
internal sealed class NaiveSearch(IReadOnlyCollection<NaiveProduct> products, IndexTables tables, RankingOptions ranking)
{
    public (int Total, List<(NaiveProduct Product, double Score)> Hits) Search(SearchQuery query, QueryPlan plan, int needed)
    {
        var hits = new List<(NaiveProduct Product, double Score)>();
        foreach (var candidate in products)
        {
            var words = Words(candidate.Product);
            if (Passes(query, candidate.Product) && Score(candidate, words, plan, needed, query) is { } score)
            {
                hits.Add((candidate, score));
            }
        }

        return (hits.Count, hits);
    }

    /// <summary>The words of a product: for each its places and its frequency as the index rounds it.</summary>
    private Dictionary<string, (HashSet<(int Field, int Position)> Places, float Frequency)> Words(ProductDocument product)
    {
        var tokenizer = new Tokenizer();
        var found = new List<(string Word, int Field, int Position)>();
        var lengths = new int[7];
        var fields = new (ProductField, IEnumerable<string?>)[]
        {
            (ProductField.Name, [product.Name]),
            (ProductField.Brand, [product.Brand]),
            (ProductField.Category, [product.Category]),
            (ProductField.Tags, product.Tags),
            (ProductField.Sku, [product.Sku]),
            (ProductField.Specifications, product.Specifications.Select(s => s.Value)),
            (ProductField.Description, [product.Description]),
        };
        foreach (var (field, texts) in fields)
        {
            var start = 0;
            foreach (var text in texts.Where(t => !string.IsNullOrEmpty(t)))
            {
                tokenizer.Tokenize(text);
                foreach (var token in tokenizer.Tokens)
                {
                    found.Add((tokenizer.Text(token).ToString(), (int)field, start + token.Position));
                }

                start += tokenizer.Positions + 16;
                lengths[(int)field] += tokenizer.Positions;
            }
        }

        return found.GroupBy(f => f.Word).ToDictionary(
            g => g.Key,
            g => (g.Select(f => (f.Field, f.Position)).ToHashSet(),
                Impact.Frequencies[Impact.Encode(g.Aggregate(0f, (sum, f) => sum + ranking.Unit((ProductField)f.Field, lengths[f.Field])))]));
    }

    private static bool Passes(SearchQuery query, ProductDocument product) =>
        (query.Category is null || string.Equals(query.Category, product.Category, StringComparison.OrdinalIgnoreCase))
        && (query.Brand is null || string.Equals(query.Brand, product.Brand, StringComparison.OrdinalIgnoreCase))
        && (query.StoreId is null || query.StoreId == product.StoreId)
        && (!query.InStock || product.IsInStock)
        && (query.MinPrice is null || (product.Price is { } p && p.Currency == query.Currency && p.Amount >= query.MinPrice))
        && (query.MaxPrice is null || (product.Price is { } q && q.Currency == query.Currency && q.Amount <= query.MaxPrice));

    private double? Score(NaiveProduct candidate, Dictionary<string, (HashSet<(int Field, int Position)> Places, float Frequency)> words, QueryPlan plan, int needed, SearchQuery query)
    {
        float score = 0, found = 0, all = 0;
        int matched = 0, required = 0;
        foreach (var word in plan.Words)
        {
            var frequency = word.Expansions.Sum(e => Frequency(e, words));
            required += word.IsOptional ? 0 : 1;
            all += word.Idf;
            if (frequency > 0)
            {
                matched += word.IsOptional ? 0 : 1;
                found += word.Idf;
                score += word.Idf * frequency / (ranking.Saturation + frequency);
            }
            else if (word.IsPhrase)
            {
                needed = int.MaxValue;
            }
        }

        var excluded = plan.Excluded.Any(w => w.Expansions.Any(e => Frequency(e, words) > 0));
        var isDirect = IsDirect(query.Text, candidate.Product);
        if (!isDirect && (excluded || (!plan.MatchesAll && (required == 0 || matched < needed))))
        {
            return null;
        }

        var stock = candidate.Product.IsInStock ? StockState.InStock : StockState.Unknown;
        return ((all > 0 ? score * found / all : 1) * ranking.Prior(stock, 0)) + (isDirect ? RankingOptions.DirectHit : 0);
    }

    private static bool IsDirect(string text, ProductDocument product)
    {
        var typed = Joined(text);
        return text.Trim() == product.Id || (product.Sku is { } sku && typed.Length >= 3 && typed == Joined(sku));

        static string Joined(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }

    private float Frequency(Expansion expansion, Dictionary<string, (HashSet<(int Field, int Position)> Places, float Frequency)> words)
    {
        var terms = expansion.Terms.Select(t => tables.Terms.Text(t).ToString()).ToList();
        if (!terms.TrueForAll(words.ContainsKey))
        {
            return 0;
        }

        var together = words[terms[0]].Places.Any(p => terms.Select((t, i) => words[t].Places.Contains((p.Field, p.Position + i))).All(x => x));
        return together ? expansion.Weight * terms.Min(t => words[t].Frequency) : 0;
    }
}
