using Marketplace.Search.Querying;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>The products of a segment in which the terms of a phrase stand one after another in one field.</summary>
internal sealed class PhraseMatches
{
    private readonly List<(int Doc, float Frequency)> _found = [];
    private int _at;

    public int Next => _at < _found.Count ? _found[_at].Doc : PostingsCursor.End;

    public static PhraseMatches Find(Expansion phrase, Segment segment)
    {
        var matches = new PhraseMatches();
        var cursors = new PostingsCursor[phrase.Terms.Length];
        for (var i = 0; i < cursors.Length; i++)
        {
            var offset = segment.Postings.Find(phrase.Terms[i]);
            if (offset < 0)
            {
                return matches;
            }

            cursors[i] = new PostingsCursor();
            cursors[i].Open(segment.Postings, offset);
        }

        var places = new List<int>[cursors.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = [];
        }

        for (var doc = cursors[0].Doc; doc != PostingsCursor.End;)
        {
            var agreed = doc;
            foreach (var cursor in cursors)
            {
                cursor.AdvanceTo(agreed);
                agreed = Math.Max(agreed, cursor.Doc);
            }

            if (agreed == doc)
            {
                if (IsPhrase(cursors, places))
                {
                    matches._found.Add((doc, phrase.Weight * cursors.Min(c => Impact.Frequencies[c.Impact])));
                }

                cursors[0].MoveNext();
                doc = cursors[0].Doc;
            }
            else
            {
                doc = agreed;
            }
        }

        return matches;
    }

    public void AdvanceTo(int doc)
    {
        while (_at < _found.Count && _found[_at].Doc < doc)
        {
            _at++;
        }
    }

    public void Fill(Window window, int end)
    {
        for (; Next < end; _at++)
        {
            window.Add(_found[_at].Doc, _found[_at].Frequency);
        }
    }

    private static bool IsPhrase(PostingsCursor[] cursors, List<int>[] places)
    {
        for (var i = 0; i < cursors.Length; i++)
        {
            places[i].Clear();
            Places.Decode(cursors[i].Occurrences(), places[i]);
        }

        foreach (var place in places[0])
        {
            var all = true;
            for (var i = 1; i < places.Length && all; i++)
            {
                all = places[i].BinarySearch(place + i) >= 0;
            }

            if (all)
            {
                return true;
            }
        }

        return false;
    }
}
