using Marketplace.Search.Analysis;

namespace Marketplace.Search.Synonyms;

/// <summary>
/// Words that stand for others, read from lines of a file: <c>ноутбук, лэптоп</c> (each for the others), <c>сотовый => телефон, смартфон</c>
/// (only from left to right); a side may have several words; <c>#</c> begins a comment.
/// </summary>
public sealed class SynonymTable
{
    /// <summary>Longer names are not looked for in a query.</summary>
    internal const int MaxWords = 4;

    private const string Arrow = "=>";

    private readonly Dictionary<string, List<string[]>> _byWords = new(StringComparer.Ordinal);

    // The same for the other forms of the words.
    private readonly Dictionary<string, List<string[]>> _byStems = new(StringComparer.Ordinal);

    private SynonymTable()
    {
    }

    /// <summary>Those that come with the engine: goods and brands as Russian and English shoppers name them.</summary>
    public static SynonymTable Default { get; } = ReadDefault();

    public static SynonymTable Empty { get; } = new();

    /// <exception cref="FormatException">A line says nothing, with its number.</exception>
    public static SynonymTable Parse(IEnumerable<string> lines)
    {
        var table = new SynonymTable();
        var tokenizer = new Tokenizer();
        var number = 0;
        foreach (var raw in lines)
        {
            number++;
            var hash = raw.IndexOf('#', StringComparison.Ordinal);
            var line = (hash < 0 ? raw : raw[..hash]).Trim();
            if (line.Length > 0 && !table.TryAdd(line, tokenizer))
            {
                throw new FormatException($"Line {number} of the synonyms, '{raw.Trim()}', is neither 'a, b' nor 'a => b', of at most {MaxWords} words each.");
            }
        }

        return table;
    }

    /// <exception cref="FormatException">A line says nothing, with its number.</exception>
    public static SynonymTable Read(string path) => Parse(File.ReadLines(path));

    /// <summary>What these folded words, in whatever form, also mean: each a list of folded words.</summary>
    internal IReadOnlyList<string[]> Of(IReadOnlyList<string> words) =>
        _byWords.TryGetValue(string.Join(' ', words), out var found) || _byStems.TryGetValue(Stems(words), out found) ? found : [];

    private static string Stems(IEnumerable<string> words) => string.Join(' ', words.Select(static word =>
    {
        Span<char> buffer = stackalloc char[word.Length + 1];
        return buffer[..Stemmer.Stem(word, Stemmer.ScriptOf(word), buffer)].ToString();
    }));

    private bool TryAdd(string line, Tokenizer tokenizer)
    {
        var arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
        var left = Names(arrow < 0 ? line : line[..arrow], tokenizer);
        var right = arrow < 0 ? left : Names(line[(arrow + Arrow.Length)..], tokenizer);
        if (left.Count == 0 || right.Count == 0 || left.Concat(right).Any(name => name.Length is 0 or > MaxWords) || (arrow < 0 && left.Count < 2))
        {
            return false;
        }

        foreach (var from in left)
        {
            foreach (var to in right.Where(to => !to.SequenceEqual(from)))
            {
                Add(_byWords, string.Join(' ', from), to);
                Add(_byStems, Stems(from), to);
            }
        }

        return true;
    }

    private static void Add(Dictionary<string, List<string[]>> table, string key, string[] to)
    {
        if (!table.TryGetValue(key, out var list))
        {
            table[key] = list = [];
        }

        if (!list.Exists(known => known.SequenceEqual(to)))
        {
            list.Add(to);
        }
    }

    private static List<string[]> Names(string side, Tokenizer tokenizer)
    {
        var names = new List<string[]>();
        foreach (var name in side.Split(','))
        {
            tokenizer.Tokenize(name);
            var words = new List<string>();
            foreach (ref readonly var token in tokenizer.Tokens)
            {
                if (token.Kind != TokenKind.Joined)
                {
                    words.Add(tokenizer.Text(token).ToString());
                }
            }

            names.Add([.. words]);
        }

        return names;
    }

    private static SynonymTable ReadDefault()
    {
        using var stream = typeof(SynonymTable).Assembly.GetManifestResourceStream("Synonyms.txt")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd().Split('\n'));
    }
}
