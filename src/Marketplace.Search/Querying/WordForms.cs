using Marketplace.Search.Analysis;
using Marketplace.Search.Ranking;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Querying;

/// <summary>A word as it is, and the other words of its stem that products have.</summary>
internal sealed class WordForms(TermDictionary terms, TermFrequencies frequencies, RankingOptions ranking)
{
    private const int MaxForms = 64;

    public void Add(QueryPart part, List<Expansion> expansions)
    {
        var exact = terms.Find(part.Text);
        if (exact >= 0 && frequencies.Of(exact) > 0)
        {
            expansions.Add(new Expansion([exact], 1, ExpansionKind.Exact));
        }

        if (part.Kind == TokenKind.Number)
        {
            return;
        }

        var forms = exact >= 0 && terms.Info(exact).IsRegistered ? terms.FormsOf(exact) : terms.FormsOf(part.Text);
        var count = 0;
        foreach (var form in forms)
        {
            if (form != exact && frequencies.Of(form) > 0 && count++ < MaxForms)
            {
                expansions.Add(new Expansion([form], ranking.OtherForm, ExpansionKind.Form));
            }
        }
    }
}
