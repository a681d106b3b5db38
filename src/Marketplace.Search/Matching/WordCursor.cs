using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>Walks all expansions of one word through one segment, a window at a time.</summary>
internal sealed class WordCursor
{
    /// <summary>What a step of a cursor to a product costs, in postings read in a row.</summary>
    private const int StepCost = 24;

    private readonly List<(PostingsCursor Cursor, float Weight)> _terms = [];
    private readonly List<PhraseMatches> _phrases = [];
    private readonly Stack<PostingsCursor> _free = new();

    public Window Window { get; } = new();

    public float Idf { get; private set; }

    /// <summary>How many products of the segment the word's terms have, added up.</summary>
    public long Count { get; private set; }

    /// <summary>The next product that has the word, <see cref="PostingsCursor.End"/> when there is none.</summary>
    public int Next { get; private set; }

    public void Open(PlanWord word, Segment segment)
    {
        Close();
        Idf = word.Idf;
        Count = 0;
        foreach (var expansion in word.Expansions)
        {
            if (expansion.Terms.Length > 1)
            {
                var matches = PhraseMatches.Find(expansion, segment);
                if (matches.Next != PostingsCursor.End)
                {
                    _phrases.Add(matches);
                }

                continue;
            }

            var offset = segment.Postings.Find(expansion.Terms[0]);
            if (offset >= 0)
            {
                var cursor = _free.TryPop(out var free) ? free : new PostingsCursor();
                cursor.Open(segment.Postings, offset);
                Count += cursor.Count;
                _terms.Add((cursor, expansion.Weight));
            }
        }

        UpdateNext();
    }

    public void AdvanceTo(int doc)
    {
        if (Next >= doc)
        {
            return;
        }

        foreach (var (cursor, _) in _terms)
        {
            cursor.AdvanceTo(doc);
        }

        foreach (var phrase in _phrases)
        {
            phrase.AdvanceTo(doc);
        }

        UpdateNext();
    }

    /// <summary>Puts what is found before <paramref name="end"/> into the window.</summary>
    public void Fill(int end)
    {
        Window.Clear();
        if (Next >= end)
        {
            return;
        }

        foreach (var (cursor, weight) in _terms)
        {
            cursor.Fill(Window, end, weight);
        }

        foreach (var phrase in _phrases)
        {
            phrase.Fill(Window, end);
        }

        UpdateNext();
    }

    /// <summary>Whether asking about so many products one by one is cheaper than reading all postings of a window.</summary>
    public bool IsCheaperAt(int candidates, int products) =>
        candidates == 0 || (long)candidates * (_terms.Count + _phrases.Count) * StepCost * products < Count * Window.Size;

    /// <summary>Puts into the window only what is found among some products of it.</summary>
    /// <param name="start">The window's first product.</param>
    /// <param name="candidates">A bit for each product of the window that is asked about.</param>
    public void FillAt(int start, ulong[] candidates)
    {
        Window.Clear();
        if (Next >= start + Window.Size)
        {
            return;
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            for (var bits = candidates[i]; bits != 0; bits &= bits - 1)
            {
                FillAt(start + (i * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits));
            }
        }

        UpdateNext();
    }

    private void FillAt(int doc)
    {
        foreach (var (cursor, weight) in _terms)
        {
            cursor.AdvanceTo(doc);
            if (cursor.Doc == doc)
            {
                Window.Add(doc, weight * Ranking.Impact.Frequencies[cursor.Impact]);
            }
        }

        foreach (var phrase in _phrases)
        {
            phrase.AdvanceTo(doc);
            phrase.Fill(Window, doc + 1);
        }
    }

    /// <summary>Lets go of the segment.</summary>
    public void Close()
    {
        foreach (var (cursor, _) in _terms)
        {
            cursor.Close();
            _free.Push(cursor);
        }

        _terms.Clear();
        _phrases.Clear();
        Next = PostingsCursor.End;
    }

    private void UpdateNext()
    {
        var next = PostingsCursor.End;
        foreach (var (cursor, _) in _terms)
        {
            next = Math.Min(next, cursor.Doc);
        }

        foreach (var phrase in _phrases)
        {
            next = Math.Min(next, phrase.Next);
        }

        Next = next;
    }
}
