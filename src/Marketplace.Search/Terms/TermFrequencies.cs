using Marketplace.Search.Segments;

namespace Marketplace.Search.Terms;

/// <summary>
/// How many products have a term, as one snapshot knows it. The dictionary counts for the newest one; an older snapshot adds up what its
/// own segments have, which is what the dictionary said in its time, so that its answers stay as they were. Serves one query.
/// </summary>
internal sealed class TermFrequencies(TermDictionary terms, long generation, SegmentView[] segments)
{
    private Dictionary<int, int>? _own = terms.CountedFor == generation ? null : [];

    /// <summary>They are added up here, as the dictionary counts for another snapshot by now.</summary>
    public bool AreOwn => _own is not null;

    public int Of(int term)
    {
        if (_own is null)
        {
            return terms.Info(term).Frequency;
        }

        if (!_own.TryGetValue(term, out var frequency))
        {
            foreach (var view in segments)
            {
                frequency += view.Segment.Postings.CountOf(term);
            }

            _own[term] = frequency;
        }

        return frequency;
    }

    /// <summary>Makes something of frequencies that are all of this snapshot: once more, where another one came meanwhile.</summary>
    public T Read<T>(Func<T> make)
    {
        var made = make();
        Volatile.ReadBarrier();
        if (_own is null && terms.CountedFor != generation)
        {
            _own = [];
            made = make();
        }

        return made;
    }
}
