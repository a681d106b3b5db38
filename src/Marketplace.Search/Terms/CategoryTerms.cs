using Marketplace.Search.Analysis;

namespace Marketplace.Search.Terms;

/// <summary>The words of each category, taken apart once. For any number of readers, which may do it twice, to the same end.</summary>
internal sealed class CategoryTerms(KeywordTable categories, TermDictionary terms)
{
    private volatile int[]?[] _known = [];

    public int[] Of(int category, Tokenizer tokenizer)
    {
        var known = _known;
        return category < known.Length && known[category] is { } found ? found : Find(category, tokenizer);
    }

    private int[] Find(int category, Tokenizer tokenizer)
    {
        var found = new List<int>();
        tokenizer.Tokenize(categories.Shown(category));
        foreach (ref readonly var token in tokenizer.Tokens)
        {
            if (token.Kind != TokenKind.Joined)
            {
                found.Add(terms.Find(tokenizer.Text(token)));
            }
        }

        int[] all = [.. found];
        if (!found.Contains(-1))
        {
            // A word that the dictionary is only just learning is looked for again.
            var known = _known;
            if (category >= known.Length)
            {
                Array.Resize(ref known, Math.Max(category + 1, categories.Count));
                _known = known;
            }

            known[category] = all;
        }

        return all;
    }
}
