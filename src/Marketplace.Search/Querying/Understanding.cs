using Marketplace.Search.Segments;
using Marketplace.Search.Matching;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Querying;

/// <summary>Says how a query was understood where that is not how it was typed: by the words that the best hit was found by.</summary>
internal sealed class Understanding(TermDictionary terms, SegmentView[] segments, QueryPlan plan)
{
    private readonly PostingsCursor _cursor = new();

    /// <summary>Null when the query was taken as typed.</summary>
    public string? Of(in RankedHit best, string typed, string read)
    {
        var isOther = !ReferenceEquals(typed, read);
        var words = new List<string>();
        foreach (var word in plan.Words)
        {
            var meant = Meant(word, best);
            isOther |= meant is not null;
            words.Add(word.IsPhrase ? $"\"{word.Text}\"" : meant ?? word.Text);
        }

        words.AddRange(plan.Excluded.Select(w => $"-{w.Text}"));
        return isOther ? string.Join(' ', words) : null;
    }

    /// <summary>The likeliest word that the hit has in place of the one typed; null when it has that one.</summary>
    private string? Meant(PlanWord word, in RankedHit hit)
    {
        Expansion? meant = null;
        foreach (var expansion in word.Expansions)
        {
            if ((meant is null || !expansion.IsRepair || expansion.Weight > meant.Weight) && IsIn(expansion, hit))
            {
                if (!expansion.IsRepair)
                {
                    return null;
                }

                meant = expansion;
            }
        }

        return meant is null ? null : terms.Text(meant.Terms[0]).ToString();
    }

    private bool IsIn(Expansion expansion, in RankedHit hit)
    {
        var postings = segments[hit.Segment].Segment.Postings;
        foreach (var term in expansion.Terms)
        {
            var offset = postings.Find(term);
            if (offset < 0)
            {
                return false;
            }

            _cursor.Open(postings, offset);
            _cursor.AdvanceTo(hit.Doc);
            if (_cursor.Doc != hit.Doc)
            {
                return false;
            }
        }

        return true;
    }
}
