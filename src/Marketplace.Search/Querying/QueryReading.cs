using Marketplace.Search.Analysis;
using Marketplace.Search.Correcting;
using Marketplace.Search.Ranking;

namespace Marketplace.Search.Querying;

/// <param name="Text">The query as it was read: as typed, or on the other keyboard layout.</param>
/// <param name="Found">What matched.</param>
/// <param name="HasAllWords">Whether all of the plan's words were asked of what matched.</param>
internal sealed record Reading<TFound>(string Text, QueryPlan Plan, TFound Found, bool HasAllWords);

/// <summary>
/// Decides how a query is read. As typed and with all words first; only where that finds too little, on the other keyboard layout,
/// then with words corrected or transliterated, rare ones before others, then with fewer words. What has all words as typed stays ahead
/// of whatever is found so, and exact words weigh more in every reading.
/// </summary>
internal sealed class QueryReading(QueryPlanner planner, RankingOptions ranking, Tokenizer tokenizer)
{
    /// <param name="match">Finds the products that have so many of a plan's words.</param>
    /// <param name="total">How many it found.</param>
    /// <param name="hits">What it found, where that is too little.</param>
    public Reading<TFound> Read<TFound>(
        string text, IReadOnlyList<DirectHit> direct, Func<QueryPlan, int, TFound> match, Func<TFound, long> total, Func<TFound, IReadOnlyList<DirectHit>> hits)
    {
        var parsed = QueryParser.Parse(text, tokenizer);
        var plan = planner.Plan(parsed, direct, repairedBelow: 0);
        var best = new Reading<TFound>(text, plan, match(plan, plan.Required), HasAllWords: true);
        var few = direct.Count > 0 ? 1 : ranking.Few;
        if (plan.MatchesAll || !IsTooLittle())
        {
            return best;
        }

        if (total(best.Found) > 0)
        {
            direct = hits(best.Found);
        }

        if (OnOtherLayout(text) is { } switched && Try(switched, planner.Plan(QueryParser.Parse(switched, tokenizer), direct, repairedBelow: 0)))
        {
            parsed = QueryParser.Parse(switched, tokenizer);
        }

        // Where some product has all words, one that hardly any has may be mistyped; where none has them all, a rare one is sooner than the others.
        plan = best.Plan with { Direct = direct };
        var (typed, repaired) = (plan.Words, 0);
        if (total(best.Found) > 0)
        {
            Repair(ranking.Few);
        }
        else
        {
            Repair(planner.Rare);
            if (total(best.Found) == 0)
            {
                Repair(long.MaxValue);
            }
        }

        for (var needed = plan.Required - 1; needed >= plan.Fewest && IsTooLittle(); needed--)
        {
            Try(best.Text, plan, needed);
        }

        return best;

        // Takes words that fewer products have for others, if that is more words than before.
        void Repair(long below)
        {
            var words = typed.Count(w => w.Products < below);
            if (!IsTooLittle() || words <= repaired)
            {
                return;
            }

            repaired = words;
            plan = planner.Plan(parsed, direct, below);
            if (plan.IsRepaired)
            {
                Try(best.Text, plan);
            }
        }

        bool IsTooLittle() => total(best.Found) < few;

        bool Try(string read, QueryPlan next, int? needed = null)
        {
            var found = match(next, needed ?? next.Required);
            var isMore = total(found) > total(best.Found);
            best = isMore ? new Reading<TFound>(read, next, found, HasAllWords: needed is null) : best;
            return isMore;
        }
    }

    /// <summary>The query on the other layout, when one of its words is a word only there; null otherwise.</summary>
    private string? OnOtherLayout(string text)
    {
        if (text.Length > QueryParser.MaxLength)
        {
            return null;
        }

        var words = text.Split(' ');
        var switched = new string?[words.Length];
        var any = false;
        for (var i = 0; i < words.Length; i++)
        {
            if (KeyboardLayout.Switch(words[i]) is { } other && Knows(other, isLast: i == words.Length - 1))
            {
                switched[i] = other;
                any |= !Knows(words[i], isLast: false);
            }
        }

        // Nobody changes the layout for one word: what happens to be a word on both goes with the others.
        return any ? string.Join(' ', words.Select((word, i) => switched[i] ?? word)) : null;

        bool Knows(string word, bool isLast) => planner.KnowsAll(QueryParser.Parse(isLast ? word : word + " ", tokenizer));
    }
}
