namespace Marketplace.Search.Terms;

/// <summary>Pairs of a specification's name and value, for counting. Values longer than <see cref="MaxValueLength"/> are text, not facets.</summary>
internal sealed class SpecificationTable
{
    public const int MaxValueLength = 64;
    private const char Mark = '\u001F';

    private readonly StringTable _pairs = new();
    private volatile int[] _names = new int[64];

    public KeywordTable Names { get; } = new();

    public int Count => _pairs.Count;

    /// <summary>The id of a pair, -1 when it is no facet.</summary>
    public int Intern(string name, string value)
    {
        var nameId = value.Length is 0 or > MaxValueLength || name.Length > MaxValueLength ? 0 : Names.Intern(name);
        return nameId == 0 ? -1 : Intern(nameId, value);
    }

    /// <summary>The id of a pair whose name has an id.</summary>
    public int Intern(int nameId, string value)
    {
        Span<char> key = stackalloc char[MaxValueLength + 2];
        key[0] = (char)nameId;
        key[1] = (char)(Mark + (nameId >> 16));
        value.CopyTo(key[2..]);
        var before = _pairs.Count;
        var pair = _pairs.Intern(key[..(value.Length + 2)]);
        if (pair >= before)
        {
            if (pair >= _names.Length)
            {
                var names = _names;
                Array.Resize(ref names, Math.Max(pair + 1, names.Length * 2));
                _names = names;
            }

            _names[pair] = nameId;
        }

        return pair;
    }

    public int NameOf(int pair) => _names[pair];

    public string ValueOf(int pair) => _pairs[pair][2..].ToString();
}
