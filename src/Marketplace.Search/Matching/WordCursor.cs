using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>Walks all expansions of one word through one segment, a window at a time.</summary>
internal sealed class WordCursor
{
    private readonly List<(PostingsCursor Cursor, float Weight)> _terms = [];
    private readonly List<PhraseMatches> _phrases = [];
    private readonly Stack<PostingsCursor> _free = new();

    public Window Window { get; } = new();

    public float Idf { get; private set; }

    /// <summary>The next product that has the word, <see cref="PostingsCursor.End"/> when there is none.</summary>
    public int Next { get; private set; }

    public void Open(PlanWord word, Segment segment)
    {
        Close();
        Idf = word.Idf;
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
