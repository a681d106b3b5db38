namespace Marketplace.Search.Analysis;

/// <summary>A SKU or a query as one folded run of letters and digits: <c>TN-2110/A</c> is <c>tn2110a</c>.</summary>
internal static class Identifier
{
    public const int MinLength = 3;

    /// <summary>True when the text is one run, which its last token stands for as a whole.</summary>
    public static bool IsOneRun(ReadOnlySpan<Token> tokens) =>
        tokens.Length == 1 || (tokens.Length > 1 && tokens[^1].Kind == TokenKind.Joined && tokens[0].Chunk == tokens[^1].Chunk);

    /// <summary>Empty when the text does not fit into the buffer.</summary>
    public static ReadOnlySpan<char> Join(Tokenizer tokenizer, ReadOnlySpan<char> text, Span<char> buffer)
    {
        tokenizer.Tokenize(text);
        var length = 0;
        foreach (ref readonly var token in tokenizer.Tokens)
        {
            if (token.Kind == TokenKind.Joined)
            {
                continue;
            }

            foreach (var c in tokenizer.Text(token))
            {
                if (length == buffer.Length)
                {
                    return [];
                }

                if (c != '.')
                {
                    buffer[length++] = c;
                }
            }
        }

        return buffer[..length];
    }
}
