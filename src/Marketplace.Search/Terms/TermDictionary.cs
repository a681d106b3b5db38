using Marketplace.Search.Analysis;

namespace Marketplace.Search.Terms;

/// <summary>
/// All words of the index, shared by its segments, with what is known of each: how many products have it, its stem, its
/// sisters of the same stem. One writer, readers without a lock.
/// </summary>
internal sealed class TermDictionary
{
    /// <summary>Stands before an identifier (a SKU as a whole): never stemmed, completed or corrected.</summary>
    private const char IdentifierMark = '\u0001';
    private const long Counting = -1;

    private readonly StringTable _table = new();
    private volatile TermInfo[] _infos = new TermInfo[256];
    private long _countedFor;

    public PrefixIndex Prefixes { get; } = new();

    public SpellingIndex Spellings { get; } = new();

    public SpellingIndex Stems { get; } = new();

    public SoundIndex Sounds { get; } = new();

    public int Count => _table.Count;

    public ReadOnlySpan<char> Text(int term) => _table[term];

    public TermInfo Info(int term)
    {
        // A reader may learn of a term an instant before its entry is there.
        var infos = _infos;
        return (uint)term < (uint)infos.Length ? infos[term] : default;
    }

    public int Find(ReadOnlySpan<char> text) => _table.Find(text);

    public int FindIdentifier(ReadOnlySpan<char> joined)
    {
        if (joined.Length > Tokenizer.MaxTokenLength)
        {
            return -1;
        }

        Span<char> buffer = stackalloc char[Tokenizer.MaxTokenLength + 1];
        return _table.Find(Mark(joined, buffer));
    }

    /// <summary>The term's id; a term seen for the first time is stemmed and entered into the indexes for prefixes and spellings.</summary>
    public int Intern(ReadOnlySpan<char> text, TokenKind kind)
    {
        var term = _table.Intern(text);
        EnsureInfo(term);
        if (!_infos[term].IsRegistered)
        {
            Register(term, text, kind);
        }

        return term;
    }

    public int InternIdentifier(ReadOnlySpan<char> joined)
    {
        Span<char> buffer = stackalloc char[Tokenizer.MaxTokenLength + 1];
        var term = _table.Intern(Mark(joined, buffer));
        EnsureInfo(term);
        return term;
    }

    /// <summary>Notes that some product has the term as its whole SKU.</summary>
    public void MarkSku(int term) => _infos[term].IsSku = true;

    /// <summary>What is known of each term at this moment.</summary>
    public TermInfo[] CopyInfos() => _infos.AsSpan(0, Math.Min(_table.Count, _infos.Length)).ToArray();

    /// <summary>Sets all terms anew: what is known of each, and their texts in the same order; makes the indexes of them.</summary>
    /// <exception cref="InvalidDataException">There are not as many texts.</exception>
    public void Restore(TermInfo[] infos, IReadOnlyList<Snapshots.TextBlock> texts)
    {
        _infos = infos.Length == 0 ? _infos : infos;
        _table.EnsureCapacity(infos.Length);
        foreach (var block in texts)
        {
            var characters = block.Characters.AsSpan();
            foreach (var length in block.Lengths)
            {
                if (length > characters.Length)
                {
                    throw new InvalidDataException("The snapshot's words are shorter than it says.");
                }

                _table.Add(characters[..length]);
                characters = characters[length..];
            }
        }

        if (Count != infos.Length)
        {
            throw new InvalidDataException("The snapshot knows of another number of words than it holds.");
        }

        for (var term = 0; term < Count; term++)
        {
            ref readonly var info = ref _infos[term];
            var text = Text(term);
            if (info.IsRegistered)
            {
                Prefixes.Add(term, text);
            }

            if (info.Stem > 0)
            {
                Spellings.Add(term, text, Stemmer.ScriptOf(text));
                Sounds.Add(term, text);
            }

            if (info.FirstForm > 0)
            {
                Stems.Add(term, text, Stemmer.ScriptOf(text));
            }
        }
    }

    /// <summary>The generation of the snapshot whose products the frequencies count: the newest one's, none while they change.</summary>
    public long CountedFor
    {
        get => Volatile.Read(ref _countedFor);
        set => Volatile.Write(ref _countedFor, value);
    }

    /// <summary>Adds to the number of products that have the term (those deleted count until a merge drops them); until the next snapshot is there.</summary>
    public void AddFrequency(int term, int products)
    {
        if (_countedFor != Counting)
        {
            // Seen by readers before any frequency is.
            Interlocked.Exchange(ref _countedFor, Counting);
        }

        _infos[term].Frequency += products;
    }

    /// <summary>The forms that share a stem with this term, itself among them.</summary>
    public FormList FormsOf(int term)
    {
        var stem = Info(term).Stem - 1;
        return new FormList(this, stem < 0 ? -1 : Info(stem).FirstForm - 1);
    }

    /// <summary>The known forms of a word that itself is not known.</summary>
    public FormList FormsOf(ReadOnlySpan<char> unknown)
    {
        Span<char> buffer = stackalloc char[unknown.Length + 1];
        var script = Stemmer.ScriptOf(unknown);
        var stem = script == Script.Other ? -1 : _table.Find(buffer[..Stemmer.Stem(unknown, script, buffer)]);
        return new FormList(this, stem < 0 ? -1 : Info(stem).FirstForm - 1);
    }

    public FormList FormsOfStem(int stem) => new(this, Info(stem).FirstForm - 1);

    private static ReadOnlySpan<char> Mark(ReadOnlySpan<char> joined, Span<char> buffer)
    {
        buffer[0] = IdentifierMark;
        joined.CopyTo(buffer[1..]);
        return buffer[..(joined.Length + 1)];
    }

    private void Register(int term, ReadOnlySpan<char> text, TokenKind kind)
    {
        var script = kind == TokenKind.Number ? Script.Other : Stemmer.ScriptOf(text);
        if (script != Script.Other)
        {
            Span<char> buffer = stackalloc char[text.Length + 1];
            var stem = _table.Intern(buffer[..Stemmer.Stem(text, script, buffer)]);
            EnsureInfo(stem);
            if (_infos[stem].FirstForm == 0)
            {
                Stems.Add(stem, Text(stem), script);
            }

            _infos[term].Stem = stem + 1;
            _infos[term].NextForm = _infos[stem].FirstForm;
            Volatile.Write(ref _infos[stem].FirstForm, term + 1);
            Spellings.Add(term, text, script);
            Sounds.Add(term, text);
        }

        _infos[term].IsRegistered = true;
        Prefixes.Add(term, text);
    }

    private void EnsureInfo(int term)
    {
        if (term >= _infos.Length)
        {
            var infos = _infos;
            Array.Resize(ref infos, Math.Max(term + 1, infos.Length * 2));
            _infos = infos;
        }
    }

    /// <summary>Walks the forms of one stem without allocating.</summary>
    internal struct FormList(TermDictionary terms, int first)
    {
        private int _next = first;

        public int Current { get; private set; } = -1;

        public readonly FormList GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next < 0)
            {
                return false;
            }

            Current = _next;
            _next = terms.Info(_next).NextForm - 1;
            return true;
        }
    }
}

/// <summary>Links are ids plus one, so that zero means none.</summary>
internal struct TermInfo
{
    public int Frequency;
    public int Stem;
    public int FirstForm;
    public int NextForm;
    public bool IsRegistered;

    /// <summary>Some product has, or had, the term as its whole SKU.</summary>
    public bool IsSku;
}
