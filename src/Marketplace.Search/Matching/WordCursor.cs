using System.Numerics;
using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>Walks all expansions of one word through one segment, a window at a time.</summary>
internal sealed class WordCursor
{
    /// <summary>What a step of a cursor to a product costs, in postings read in a row.</summary>
    private const int StepCost = 24;

    private readonly List<PhraseMatches> _phrases = [];

    // Of each term in the segment; the product that its cursor stands on lies beside the others', where a look at all of them is cheap.
    private PostingsCursor[] _cursors = [];
    private float[] _weights = [];
    private int[] _offsets = [];
    private int[] _docs = [];
    private int _terms;

    public Window Window { get; } = new();

    public float Idf { get; private set; }

    /// <summary>How many products of the segment the word's terms have, added up.</summary>
    public long Count { get; private set; }

    /// <summary>The next product that has the word, <see cref="PostingsCursor.End"/> when there is none.</summary>
    public int Next { get; private set; }

    public void Open(PlanWord word, Segment segment)
    {
        Close();
        EnsureCapacity(word.Expansions.Length);
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
                // All lists are asked for before the first is waited for.
                Prefetch.Of(ref segment.Postings.Data[offset]);
                _offsets[_terms] = offset;
                _weights[_terms++] = expansion.Weight;
            }
        }

        for (var i = 0; i < _terms; i++)
        {
            var cursor = _cursors[i] ??= new PostingsCursor();
            cursor.Open(segment.Postings, _offsets[i]);
            _docs[i] = cursor.Doc;
            Count += cursor.Count;
        }

        UpdateNext();
    }

    public void AdvanceTo(int doc)
    {
        if (Next >= doc)
        {
            return;
        }

        for (var i = 0; i < _terms; i++)
        {
            AdvanceTo(i, doc);
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

        var isFirst = true;
        for (var i = 0; i < _terms; i++)
        {
            if (_docs[i] < end)
            {
                _cursors[i].Fill(Window, end, _weights[i], isFirst);
                _docs[i] = _cursors[i].Doc;
                isFirst = false;
            }
        }

        foreach (var phrase in _phrases)
        {
            phrase.Fill(Window, end);
        }

        UpdateNext();
    }

    /// <summary>Whether asking about so many products one by one is cheaper than reading all postings of a window.</summary>
    public bool IsCheaperAt(int candidates, int products) =>
        candidates == 0 || (long)candidates * (_terms + _phrases.Count) * StepCost * products < Count * Window.Size;

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

        var any = false;
        for (var i = 0; i < candidates.Length; i++)
        {
            for (var bits = candidates[i]; bits != 0; bits &= bits - 1)
            {
                FillAt(start + (i * 64) + BitOperations.TrailingZeroCount(bits));
                any = true;
            }
        }

        if (any)
        {
            UpdateNext();
        }
    }

    /// <summary>Lets go of the segment.</summary>
    public void Close()
    {
        for (var i = 0; i < _terms; i++)
        {
            _cursors[i].Close();
        }

        _terms = 0;
        _phrases.Clear();
        Next = PostingsCursor.End;
    }

    private void FillAt(int doc)
    {
        for (var i = 0; i < _terms; i++)
        {
            AdvanceTo(i, doc);
            if (_docs[i] == doc)
            {
                Window.Add(doc, _weights[i] * Ranking.Impact.Frequencies[_cursors[i].Impact]);
            }
        }

        foreach (var phrase in _phrases)
        {
            phrase.AdvanceTo(doc);
            phrase.Fill(Window, doc + 1);
        }
    }

    private void AdvanceTo(int term, int doc)
    {
        if (_docs[term] < doc)
        {
            _cursors[term].AdvanceTo(doc);
            _docs[term] = _cursors[term].Doc;
        }
    }

    private void UpdateNext()
    {
        var docs = _docs.AsSpan(0, _terms);
        var next = PostingsCursor.End;
        if (docs.Length >= Vector<int>.Count)
        {
            var least = new Vector<int>(PostingsCursor.End);
            for (; docs.Length >= Vector<int>.Count; docs = docs[Vector<int>.Count..])
            {
                least = Vector.Min(least, new Vector<int>(docs));
            }

            for (var i = 0; i < Vector<int>.Count; i++)
            {
                next = Math.Min(next, least[i]);
            }
        }

        foreach (var doc in docs)
        {
            next = Math.Min(next, doc);
        }

        foreach (var phrase in _phrases)
        {
            next = Math.Min(next, phrase.Next);
        }

        Next = next;
    }

    private void EnsureCapacity(int terms)
    {
        if (terms > _cursors.Length)
        {
            terms = Math.Max(terms, _cursors.Length * 2);
            Array.Resize(ref _cursors, terms);
            Array.Resize(ref _weights, terms);
            Array.Resize(ref _offsets, terms);
            Array.Resize(ref _docs, terms);
        }
    }
}
