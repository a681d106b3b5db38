using Marketplace.Search.Analysis;

namespace Marketplace.Search.Querying;

/// <summary>
/// Takes a query apart: words, <c>"phrases"</c>, <c>-words</c>. Whatever is typed has a meaning; at most <see cref="MaxChunks"/> runs of
/// the first <see cref="MaxLength"/> characters count.
/// </summary>
internal static class QueryParser
{
    public const int MaxLength = 1000;
    public const int MaxChunks = 24;

    public static ParsedQuery Parse(string text, Tokenizer tokenizer)
    {
        var query = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        var chunks = new List<QueryChunk>();
        var phrases = new List<IReadOnlyList<QueryPart>>();
        var excluded = new List<QueryChunk>();
        var plain = 0;
        for (var i = 0; i < query.Length;)
        {
            var excludes = query[i] is '-' or '\u2212' && (i == 0 || char.IsWhiteSpace(query[i - 1])) && i + 1 < query.Length && !char.IsWhiteSpace(query[i + 1]);
            var quote = excludes ? i + 1 : i;
            if (OpensPhrase(query, quote, out var end))
            {
                AddChunks(query[plain..i], isEnd: false, tokenizer, chunks);
                AddPhrase(query[(quote + 1)..end], excludes, tokenizer, phrases, excluded);
                i = plain = end + 1;
            }
            else if (excludes)
            {
                AddChunks(query[plain..i], isEnd: false, tokenizer, chunks);
                end = i + 1;
                while (end < query.Length && !char.IsWhiteSpace(query[end]))
                {
                    end++;
                }

                AddChunks(query[(i + 1)..end], isEnd: false, tokenizer, excluded);
                i = plain = end;
            }
            else
            {
                i++;
            }
        }

        AddChunks(query[plain..], isEnd: true, tokenizer, chunks);
        return new ParsedQuery(chunks, phrases, excluded) { IsBlank = query.IsWhiteSpace() };
    }

    /// <summary>A quotation mark that has its partner; behind a digit it means inches.</summary>
    private static bool OpensPhrase(ReadOnlySpan<char> query, int at, out int end)
    {
        end = -1;
        if (at >= query.Length || (at > 0 && char.IsAsciiDigit(query[at - 1])))
        {
            return false;
        }

        var closing = query[at] switch
        {
            '"' => "\"",
            '«' => "»",
            '“' or '„' => "”“\"",
            _ => "",
        };
        var length = closing.Length == 0 ? -1 : query[(at + 1)..].IndexOfAny(closing);
        end = at + 1 + length;
        return length >= 0;
    }

    private static void AddPhrase(ReadOnlySpan<char> text, bool excludes, Tokenizer tokenizer, List<IReadOnlyList<QueryPart>> phrases, List<QueryChunk> excluded)
    {
        tokenizer.Tokenize(text);
        var parts = new List<QueryPart>();
        foreach (ref readonly var token in tokenizer.Tokens)
        {
            if (token.Kind != TokenKind.Joined && parts.Count < MaxChunks)
            {
                parts.Add(new QueryPart(tokenizer.Text(token).ToString(), token.Kind));
            }
        }

        if (parts.Count == 0 || phrases.Count + excluded.Count >= MaxChunks / 2)
        {
            return;
        }

        if (excludes)
        {
            excluded.Add(new QueryChunk(parts, null, IsOpen: false));
        }
        else
        {
            phrases.Add(parts);
        }
    }

    private static void AddChunks(ReadOnlySpan<char> text, bool isEnd, Tokenizer tokenizer, List<QueryChunk> chunks, int limit = MaxChunks)
    {
        tokenizer.Tokenize(text);
        var tokens = tokenizer.Tokens;
        for (var i = 0; i < tokens.Length && chunks.Count < limit;)
        {
            var chunk = tokens[i].Chunk;
            var parts = new List<QueryPart>();
            QueryPart? joined = null;
            var end = 0;
            for (; i < tokens.Length && tokens[i].Chunk == chunk; i++)
            {
                end = tokens[i].SourceEnd;
                var part = new QueryPart(tokenizer.Text(tokens[i]).ToString(), tokens[i].Kind);
                if (part.Kind == TokenKind.Joined)
                {
                    joined = part;
                }
                else
                {
                    parts.Add(part);
                }
            }

            chunks.Add(new QueryChunk(parts, joined, IsOpen: isEnd && end == text.Length));
        }
    }
}
