namespace Marketplace.Search.Analysis;

/// <summary>A SKU or a query as one folded run of letters and digits: <c>TN-2110/A</c> is <c>tn2110a</c>.</summary>
internal static class Identifier
{
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
