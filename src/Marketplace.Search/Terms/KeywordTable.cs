using Marketplace.Search.Analysis;
using Marketplace.Search.Correcting;

namespace Marketplace.Search.Terms;

/// <summary>Values of a field that is filtered and counted as a whole: equal without regard to case, shown as first seen. Id 0 means none.</summary>
internal sealed class KeywordTable
{
    /// <summary>Values compared letter by letter with one that is mistyped: the earliest ones, so that it takes bounded time.</summary>
    private const int MaxCompared = 20_000;

    private readonly StringTable _table = new();
    private volatile string[] _shown = new string[16];
    private volatile int[] _uses = new int[16];

    public KeywordTable() => _table.Intern("");

    public int Count => _table.Count;

    public string Shown(int id) => _shown[id];

    /// <summary>How many products have the value, as the writer knows it: a moment ahead of the snapshots.</summary>
    public int Uses(int id) => id < _uses.Length ? _uses[id] : 0;

    /// <summary>The values that begin with a text, without regard to case.</summary>
    public List<int> BeginningWith(string text)
    {
        var found = new List<int>();
        Span<char> buffer = stackalloc char[StringTable.MaxLength];
        var key = Key(text, buffer);
        var count = Count;
        for (var id = 1; id < count; id++)
        {
            if (_table[id].StartsWith(key))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>The values that begin with a text but for a typo, two from eight letters.</summary>
    public List<int> BeginningNearly(string text)
    {
        var found = new List<int>();
        Span<char> buffer = stackalloc char[StringTable.MaxLength];
        var key = Key(text, buffer);
        if (key.Length is < SpellingCorrector.OneEdit or > EditPattern.MaxLength)
        {
            return found;
        }

        var pattern = new EditPattern(key, stackalloc ulong[EditPattern.TableLength]);
        var edits = SpellingCorrector.EditsOf(key.Length);
        var count = Math.Min(Count, MaxCompared);
        for (var id = 1; id < count; id++)
        {
            if (pattern.IsNearBeginning(_table[id], edits))
            {
                found.Add(id);
            }
        }

        return found;
    }

    public int Find(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return 0;
        }

        Span<char> buffer = stackalloc char[StringTable.MaxLength];
        return _table.Find(Key(value, buffer));
    }

    public int Intern(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return 0;
        }

        Span<char> buffer = stackalloc char[StringTable.MaxLength];
        var before = _table.Count;
        var id = _table.Intern(Key(value, buffer));
        if (id >= before)
        {
            if (id >= _shown.Length)
            {
                var shown = _shown;
                Array.Resize(ref shown, Math.Max(id + 1, shown.Length * 2));
                _shown = shown;
            }

            _shown[id] = value.Trim();
        }

        return id;
    }

    /// <summary>Counts products that came with the value, or left.</summary>
    public void AddUses(int id, int products)
    {
        if (id >= _uses.Length)
        {
            var uses = _uses;
            Array.Resize(ref uses, Math.Max(id + 1, uses.Length * 2));
            _uses = uses;
        }

        _uses[id] += products;
    }

    private static ReadOnlySpan<char> Key(string value, Span<char> buffer)
    {
        var text = value.AsSpan().Trim();
        text = text.Length > buffer.Length ? text[..buffer.Length] : text;
        for (var i = 0; i < text.Length; i++)
        {
            buffer[i] = CharFolding.Fold(text[i]);
        }

        return buffer[..text.Length];
    }
}
