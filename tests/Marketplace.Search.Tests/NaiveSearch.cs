using Marketplace.Products;
using Marketplace.Search.Analysis;
using Marketplace.Search.Querying;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Tests;

internal sealed record NaiveProduct(ProductDocument Product, byte[] Source, long Timestamp);

/// <summary>A product found by a scan, with the places of its words.</summary>
internal sealed record NaiveHit(NaiveProduct Product, double Score, Dictionary<string, NaiveWord> Words);

/// <summary>Where a word stands in a product, and its frequency as the index rounds it.</summary>
internal sealed record NaiveWord(HashSet<(int Field, int Position)> Places, float Frequency);

/// <summary>What the index must answer, found by looking at every product with the same scoring.</summary>
internal sealed class NaiveSearch(IReadOnlyCollection<NaiveProduct> products, IndexTables tables, RankingOptions ranking)
{
    private const int RerankedExpansions = 12;

    private readonly HashSet<string> _first = [];

    /// <summary>Lets these go first from now on: the few that have all words as typed.</summary>
    public IReadOnlyList<DirectHit> GoFirst(List<NaiveHit> hits)
    {
        _first.UnionWith(hits.Select(hit => hit.Product.Product.Id));
        return [.. hits.Select(_ => default(DirectHit))];
    }

    public List<NaiveHit> Search(SearchQuery query, QueryPlan plan, int needed)
    {
        var hits = new List<NaiveHit>();
        foreach (var candidate in products)
        {
            var words = Words(candidate.Product);
            if (Passes(query, candidate.Product) && Score(candidate, words, plan, needed, query) is { } score)
            {
                hits.Add(new NaiveHit(candidate, score, words));
            }
        }

        return hits;
    }

    /// <summary>All hits in the order of relevance, with what words together, names and categories add.</summary>
    /// <param name="typed">The plan for what has every word in the form typed, where that is looked at beside the best.</param>
    public List<NaiveHit> Rank(IEnumerable<NaiveHit> hits, QueryPlan plan, QueryPlan? typed)
    {
        var byWords = InOrder(hits).ToList();
        if (plan.Words.Length == 0)
        {
            return byWords;
        }

        var looked = byWords.Take(ranking.Reranked).ToHashSet();
        if (typed is not null && byWords.Count > ranking.Reranked)
        {
            looked.UnionWith(byWords.Where(h => typed.Words.All(w => w.IsOptional || w.Expansions.Any(e => Frequency(e, h.Words) > 0))).Take(ranking.Reranked));
        }

        return [.. InOrder(looked.Select(h => h with { Score = h.Score * (1 + Bonus(h, plan)) })), .. byWords.Where(h => !looked.Contains(h))];
    }

    private static IEnumerable<NaiveHit> InOrder(IEnumerable<NaiveHit> hits) => hits
        .OrderByDescending(h => (float)h.Score)
        .ThenByDescending(h => h.Product.Timestamp)
        .ThenBy(h => h.Product.Product.Id, StringComparer.Ordinal);

    private double Bonus(NaiveHit hit, QueryPlan plan)
    {
        var words = plan.Words.Where(w => !w.IsOptional).ToList();
        var places = words.ConvertAll(w => w.Expansions.OrderByDescending(e => e.Weight).Take(RerankedExpansions)
            .Where(e => e.Terms.Length == 1)
            .SelectMany(e => hit.Words.GetValueOrDefault(Text(e.Terms[0]))?.Places ?? [])
            .ToList());
        var together = 0.0;
        for (var i = 0; i + 1 < words.Count; i++)
        {
            var pairs = places[i].SelectMany(a => places[i + 1].Where(b => b.Field == a.Field), (a, b) => Closeness(b.Position - a.Position) * (a.Field == 0 ? 1 : 0.5));
            together += pairs.DefaultIfEmpty(0).Max();
        }

        var name = Tokens(hit.Product.Product.Name).Where(t => t.Kind != TokenKind.Joined).ToList();
        var isName = places.Count > 0 && name.Count == places.Count && places.TrueForAll(p => p.Exists(at => at.Field == 0));
        var isStart = words.Where((w, i) => w.Text.Length > 0 && w.Text[0] is >= 'а' and <= 'я' && places[i].Contains((0, 0))).Any();
        var isTyped = words.Count > 0 && words.TrueForAll(w => w.Expansions.Any(e => e.Kind == ExpansionKind.Exact && hit.Words.GetValueOrDefault(Text(e.Terms[0]))?.Places.Any(at => at.Field == 0) == true));
        return (words.Count > 1 ? ranking.AdjacentWords * together / (words.Count - 1) : 0)
            + (isName ? ranking.ExactName : 0)
            + (isStart ? ranking.NameStart : 0)
            + (isTyped ? ranking.NameAsTyped : 0)
            + (ranking.ExactCategory * CategoryShare(hit.Product.Product.Category, plan, words.Count));

        static double Closeness(int distance) => distance switch { 1 => 1, 2 or -1 => 0.5, 3 or -2 => 0.25, _ => 0 };
    }

    private double CategoryShare(string? category, QueryPlan plan, int words)
    {
        if (string.IsNullOrWhiteSpace(category))
        {
            return 0;
        }

        var taken = Tokens(category).Where(t => t.Kind != TokenKind.Joined)
            .Select(t => plan.Words.ToList().FindIndex(w => !w.IsOptional && w.Expansions.Any(e => e.Terms.Length == 1 && e.Kind != ExpansionKind.Prefix && Text(e.Terms[0]) == t.Text)))
            .ToList();
        return taken.Contains(-1) ? 0 : taken.Distinct().Count() / (double)words;
    }

    private Dictionary<string, NaiveWord> Words(ProductDocument product)
    {
        var found = new List<(string Word, int Field, int Position, bool IsPart, bool IsPurpose)>();
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
                var tokens = Tokens(text!);
                if (field == ProductField.Sku && tokens.Count > 0 && (tokens.Count == 1 || (tokens[^1].Kind == TokenKind.Joined && tokens[0].Chunk == tokens[^1].Chunk)))
                {
                    tokens = [(tokens[^1].Text, TokenKind.Word, 0, false, 0)];
                }

                var purpose = field == ProductField.Name ? tokens.FindIndex(t => t.Text is "для" or "for") : -1;
                found.AddRange(tokens.Select((t, i) => (t.Text, (int)field, start + t.Position, t.IsPart, purpose >= 0 && i > purpose)));
                var positions = tokens.Count(t => t.Kind != TokenKind.Joined);
                start += positions + 16;
                lengths[(int)field] += positions;
            }
        }

        return found.GroupBy(f => f.Word).ToDictionary(
            g => g.Key,
            g => new NaiveWord(
                g.Select(f => (f.Field, f.Position)).ToHashSet(),
                Impact.Frequencies[Impact.Encode(g.Aggregate(0f, (sum, f) => sum + ((f.IsPart ? ranking.PartOfRun : 1) * (f.IsPurpose ? ranking.Purpose : 1) * ranking.Unit((ProductField)f.Field, lengths[f.Field]))))]));
    }

    private static List<(string Text, TokenKind Kind, int Position, bool IsPart, int Chunk)> Tokens(string text)
    {
        var tokenizer = new Tokenizer();
        tokenizer.Tokenize(text);
        var tokens = new List<(string, TokenKind, int, bool, int)>();
        foreach (var token in tokenizer.Tokens)
        {
            tokens.Add((tokenizer.Text(token).ToString(), token.Kind, token.Position, token.IsPart, token.Chunk));
        }

        return tokens;
    }

    private static bool Passes(SearchQuery query, ProductDocument product) =>
        (query.Category is null || string.Equals(query.Category, product.Category, StringComparison.OrdinalIgnoreCase))
        && (query.Brand is null || string.Equals(query.Brand, product.Brand, StringComparison.OrdinalIgnoreCase))
        && (query.StoreId is null || query.StoreId == product.StoreId)
        && (!query.InStock || product.IsInStock)
        && (query.MinPrice is null || (product.Price is { } p && p.Currency == query.Currency && p.Amount >= query.MinPrice))
        && (query.MaxPrice is null || (product.Price is { } q && q.Currency == query.Currency && q.Amount <= query.MaxPrice));

    private double? Score(NaiveProduct candidate, Dictionary<string, NaiveWord> words, QueryPlan plan, int needed, SearchQuery query)
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
        var isDirect = IsDirect(query.Text, candidate.Product) || _first.Contains(candidate.Product.Id);
        if (!isDirect && (excluded || (!plan.MatchesAll && (required == 0 || matched < needed))))
        {
            return null;
        }

        var stock = candidate.Product.IsInStock ? StockState.InStock : StockState.Unknown;
        return ((all > 0 ? score * found / all : 1) * ranking.Prior(stock, 0)) + (isDirect ? RankingOptions.DirectHit : 0);
    }

    public static bool IsDirect(string text, ProductDocument product)
    {
        var typed = Joined(text);
        return text.Trim() == product.Id || (product.Sku is { } sku && typed.Length >= 3 && typed == Joined(sku));

        static string Joined(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }

    private float Frequency(Expansion expansion, Dictionary<string, NaiveWord> words)
    {
        var terms = expansion.Terms.Select(Text).ToList();
        if (!terms.TrueForAll(words.ContainsKey))
        {
            return 0;
        }

        var together = words[terms[0]].Places.Any(p => terms.Select((t, i) => words[t].Places.Contains((p.Field, p.Position + i))).All(x => x));
        return together ? expansion.Weight * terms.Min(t => words[t].Frequency) : 0;
    }

    private string Text(int term) => tables.Terms.Text(term).ToString();
}
