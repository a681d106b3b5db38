using System.Buffers;
using System.Text;
using Marketplace.Products;
using Marketplace.Search.Analysis;
using Marketplace.Search.Querying;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Highlighting;

/// <summary>Shows in a product's text what the query found: exactly the words that were searched for, in any of their forms.</summary>
internal sealed class Highlighter
{
    private const int SnippetLength = 200;
    private const int SnippetLead = 60;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("<>&\"'");

    private readonly TermDictionary _terms;
    private readonly Tokenizer _tokenizer;
    private readonly HashSet<int> _searched;
    private readonly StringBuilder _marked = new();

    /// <summary>A bit for each letter that one of the searched words begins with, by its lowest bits: most words of a text need no look.</summary>
    private readonly ulong _firstLetters;

    public Highlighter(QueryPlan plan, TermDictionary terms, Tokenizer tokenizer)
    {
        _terms = terms;
        _tokenizer = tokenizer;
        _searched = [.. plan.Words.SelectMany(w => w.Expansions).SelectMany(e => e.Terms)];
        foreach (var term in _searched)
        {
            _firstLetters |= 1UL << terms.Text(term)[0];
        }
    }

    public IReadOnlyDictionary<string, string> Highlight(ReadOnlySpan<byte> source)
    {
        var highlights = new Dictionary<string, string>();
        if (_searched.Count > 0 && ProductReader.TryReadTexts(source, out var product))
        {
            Add("name", product.Name, snippet: false);
            Add("brand", product.Brand, snippet: false);
            Add("category", product.Category, snippet: false);
            Add("description", product.Description, snippet: true);
        }

        return highlights;

        void Add(string field, string? text, bool snippet)
        {
            if (!string.IsNullOrEmpty(text) && Mark(text, snippet) is { } marked)
            {
                highlights[field] = marked;
            }
        }
    }

    private string? Mark(string text, bool snippet)
    {
        var ranges = Find(text);
        if (ranges.Count == 0)
        {
            return null;
        }

        var (from, to) = snippet ? SnippetAround(text, ranges[0].Start) : (0, text.Length);
        var marked = _marked.Clear().Append(from > 0 ? "…" : "");
        var at = from;
        foreach (var (start, end) in ranges.TakeWhile(r => r.End <= to))
        {
            AppendEscaped(marked, text.AsSpan(at, start - at));
            marked.Append("<em>");
            AppendEscaped(marked, text.AsSpan(start, end - start));
            marked.Append("</em>");
            at = end;
        }

        AppendEscaped(marked, text.AsSpan(at, to - at));
        return marked.Append(to < text.Length ? "…" : "").ToString();
    }

    private List<(int Start, int End)> Find(string shown)
    {
        var ranges = new List<(int Start, int End)>();
        _tokenizer.Tokenize(shown);
        foreach (ref readonly var token in _tokenizer.Tokens)
        {
            var text = _tokenizer.Text(token);
            if ((_firstLetters & (1UL << text[0])) == 0 || !_searched.Contains(_terms.Find(text)))
            {
                continue;
            }

            // A joined token comes behind its parts and takes their place.
            var start = token.SourceStart;
            while (ranges.Count > 0 && ranges[^1].Start >= start)
            {
                ranges.RemoveAt(ranges.Count - 1);
            }

            if (ranges.Count == 0 || ranges[^1].End <= start)
            {
                ranges.Add((start, token.SourceEnd));
            }
        }

        return ranges;
    }

    private static (int From, int To) SnippetAround(string text, int match)
    {
        var from = Math.Max(0, match - SnippetLead);
        while (from > 0 && from < match && !char.IsWhiteSpace(text[from - 1]))
        {
            from++;
        }

        var to = Math.Min(text.Length, Math.Max(from + SnippetLength, match + Tokenizer.MaxTokenLength));
        while (to < text.Length && to > match + Tokenizer.MaxTokenLength && !char.IsWhiteSpace(text[to]))
        {
            to--;
        }

        return (from, to);
    }

    private static void AppendEscaped(StringBuilder target, ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(Escaped); at >= 0; at = text.IndexOfAny(Escaped))
        {
            target.Append(text[..at]).Append(text[at] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                _ => "&#39;",
            });
            text = text[(at + 1)..];
        }

        target.Append(text);
    }
}
