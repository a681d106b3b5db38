using System.Numerics;
using Marketplace.Search.Analysis;
using Marketplace.Search.Querying;

namespace Marketplace.Search.Ranking;

/// <summary>How much of a query names a category in full; each category is looked at once a query.</summary>
internal sealed class CategoryMatch(IndexTables tables, QueryPlan plan, Tokenizer tokenizer)
{
    private readonly Dictionary<int, float> _shares = [];
    private Dictionary<int, int>? _wordOf;

    /// <summary>The share of the query's words that the category takes; 0 when one of its own words was not asked for.</summary>
    public float Of(int category)
    {
        if (category == 0)
        {
            return 0;
        }

        if (!_shares.TryGetValue(category, out var share))
        {
            _shares[category] = share = Share(tables.CategoryTerms.Of(category, tokenizer));
        }

        return share;
    }

    private float Share(int[] category)
    {
        _wordOf ??= WordsByTerm();
        var taken = 0UL;
        foreach (var term in category)
        {
            if (!_wordOf.TryGetValue(term, out var word))
            {
                return 0;
            }

            taken |= 1UL << word;
        }

        return BitOperations.PopCount(taken) / (float)Math.Max(1, plan.Required);
    }

    private Dictionary<int, int> WordsByTerm()
    {
        var words = new Dictionary<int, int>();
        for (var i = 0; i < plan.Words.Length; i++)
        {
            foreach (var expansion in plan.Words[i].Expansions)
            {
                if (!plan.Words[i].IsOptional && expansion.Terms.Length == 1 && expansion.Kind != ExpansionKind.Prefix)
                {
                    words.TryAdd(expansion.Terms[0], i);
                }
            }
        }

        return words;
    }
}
