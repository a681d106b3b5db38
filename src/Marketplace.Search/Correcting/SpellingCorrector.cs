using Marketplace.Search.Analysis;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Correcting;

/// <param name="Likelihood">Against the likeliest of all, 0 to 1.</param>
internal readonly record struct Correction(int Term, float Cost, float Likelihood);

/// <summary>
/// Finds the words that a mistyped one may stand for, likeliest first: a noisy channel (Kernighan, Church, Gale 1990), in which a
/// word's frequency stands for how often it is meant, and the cost of the edits for how often it is mistyped so.
/// </summary>
internal static class SpellingCorrector
{
    /// <summary>Letters from which one edit, and from which two, are looked for.</summary>
    public const int OneEdit = 4;
    private const int TwoEdits = 8;

    /// <summary>A slip of cost 1 makes a word this much less likely, as a natural logarithm.</summary>
    private const float SlipPenalty = 4;

    public static List<Correction> Find(string typed, TermDictionary terms, TermFrequencies frequencies, int most)
    {
        var found = new List<Correction>();
        var script = Stemmer.ScriptOf(typed);
        var edits = EditsOf(typed.Length);
        if (script == Script.Other || typed.Length < OneEdit - 1)
        {
            return found;
        }

        var candidates = new List<int>();
        terms.Spellings.FindCandidates(typed, script, edits, candidates);
        var pattern = new EditPattern(typed, stackalloc ulong[EditPattern.TableLength]);
        foreach (var term in candidates)
        {
            var text = terms.Text(term);
            if (frequencies.Of(term) > 0 && text.Length >= OneEdit && IsWithin(pattern, text, edits))
            {
                Add(found, term, EditDistance.Cost(typed, text), frequencies);
            }
        }

        if (found.Count == 0)
        {
            AddByStem(typed, script, terms, frequencies, found);
        }

        return Likeliest(found, most);
    }

    /// <summary>For a mistyped form that no product has: the known forms of a stem that is near to its own.</summary>
    private static void AddByStem(string typed, Script script, TermDictionary terms, TermFrequencies frequencies, List<Correction> found)
    {
        Span<char> buffer = stackalloc char[typed.Length + 1];
        var stem = buffer[..Stemmer.Stem(typed, script, buffer)];
        if (stem.Length < OneEdit)
        {
            return;
        }

        var edits = EditsOf(stem.Length);
        var candidates = new List<int>();
        terms.Stems.FindCandidates(stem, script, edits, candidates);
        var pattern = new EditPattern(stem, stackalloc ulong[EditPattern.TableLength]);
        foreach (var candidate in candidates)
        {
            var text = terms.Text(candidate);
            if (!IsWithin(pattern, text, edits))
            {
                continue;
            }

            var cost = EditDistance.Cost(stem, text);
            foreach (var form in terms.FormsOfStem(candidate))
            {
                if (frequencies.Of(form) > 0)
                {
                    Add(found, form, cost, frequencies);
                }
            }
        }
    }

    /// <summary>How many edits are looked for in a word of so many letters.</summary>
    public static int EditsOf(int length) => length >= TwoEdits ? 2 : 1;

    private static bool IsWithin(in EditPattern pattern, ReadOnlySpan<char> text, int edits) =>
        pattern.Edits(text, edits) is > 0 and var needed && needed <= edits;

    private static void Add(List<Correction> found, int term, float cost, TermFrequencies frequencies) =>
        found.Add(new Correction(term, cost, MathF.Log(frequencies.Of(term) + 1) - (SlipPenalty * cost)));

    private static List<Correction> Likeliest(List<Correction> found, int most)
    {
        if (found.Count == 0)
        {
            return found;
        }

        var best = found.Max(c => c.Likelihood);
        return [.. found
            .Select(c => c with { Likelihood = MathF.Exp(c.Likelihood - best) })
            .OrderByDescending(c => c.Likelihood)
            .ThenBy(c => c.Term)
            .Take(most)];
    }
}
