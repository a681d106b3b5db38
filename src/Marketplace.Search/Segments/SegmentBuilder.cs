using Marketplace.Products;
using Marketplace.Search.Analysis;
using Marketplace.Search.Ranking;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Segments;

/// <summary>
/// Collects products and seals them into a segment. While collecting, every occurrence of a word is only noted in a flat list;
/// sealing sorts the list by word (counting sort) and writes the postings.
/// </summary>
internal sealed class SegmentBuilder(TermDictionary terms, RankingOptions ranking, int capacity)
{
    private const int MaxPosition = (1 << 13) - 1;
    private const int Fields = 8;
    private const int FieldGap = 16;

    /// <summary>On a note's product: the word is part of a run with digits or signs.</summary>
    private const int PartFlag = int.MinValue;

    /// <summary>On a note's product: the word stands behind «для» in a name.</summary>
    private const int PurposeFlag = 1 << 30;
    private const int DocMask = ~(PartFlag | PurposeFlag);

    private readonly Tokenizer _tokenizer = new();
    private readonly ProductIds.Builder _ids = new(capacity);
    private ProductColumns _columns = new(capacity);

    // The local number of each term seen since the last seal, plus one; by term.
    private int[] _locals = new int[1024];
    private int[] _localTerms = new int[1024];
    private int[] _localCounts = new int[1024];
    private int _localCount;

    private int[] _noteLocal = new int[4096];
    private int[] _noteDoc = new int[4096];
    private ushort[] _notePlace = new ushort[4096];
    private int _noteCount;

    // What an occurrence in each field of each product adds to the word's frequency.
    private float[] _units = new float[capacity * Fields];

    private readonly int[] _positions = new int[Fields];
    private readonly int[] _words = new int[Fields];

    public int Count => _ids.Count;

    /// <summary>Roughly how many bytes the notes take.</summary>
    public long Size => _noteCount * 10L;

    /// <summary>Adds a product; returns its number in the segment to be.</summary>
    public int Add(ProductDocument product, in ProductKey key, ProductRow row, ReadOnlySpan<int> specifications)
    {
        var doc = _ids.Count;
        if (_units.Length < (doc + 1) * Fields)
        {
            Array.Resize(ref _units, _units.Length * 2);
        }

        Array.Clear(_positions);
        Array.Clear(_words);
        Note(product.Name, ProductField.Name, doc);
        row.Facts.NameLength = (byte)Math.Min(byte.MaxValue, _words[(int)ProductField.Name]);
        Note(product.Brand, ProductField.Brand, doc);
        Note(product.Category, ProductField.Category, doc);
        foreach (var tag in product.Tags)
        {
            Note(tag, ProductField.Tags, doc);
        }

        row.Facts.SkuTerm = NoteSku(product.Sku, doc);
        foreach (var specification in product.Specifications)
        {
            if (IsText(specification.Value))
            {
                Note(specification.Value, ProductField.Specifications, doc);
            }
        }

        Note(product.Description, ProductField.Description, doc);
        for (var field = 0; field <= (int)ProductField.Description; field++)
        {
            _units[(doc * Fields) + field] = ranking.Unit((ProductField)field, _words[field]);
        }

        _ids.Add(key.Utf8, key.Hash);
        _columns.Add(row, specifications);
        return doc;
    }

    public Segment Seal()
    {
        var order = SortNotes(out var starts);
        var writer = new PostingsWriter((_noteCount * 4) + (_localCount * 4));
        var locals = new int[_localCount];
        for (var i = 0; i < locals.Length; i++)
        {
            locals[i] = i;
        }

        Array.Sort(_localTerms, locals, 0, _localCount);
        for (var i = 0; i < locals.Length; i++)
        {
            var local = locals[i];
            WriteTerm(writer, order.AsSpan(starts[local], starts[local + 1] - starts[local]));
            _localCounts[local] = writer.EndTerm(_localTerms[i]);
            _locals[_localTerms[i]] = 0;
        }

        // All at once and as late as can be: until the segment is published, the dictionary counts for no snapshot.
        for (var i = 0; i < locals.Length; i++)
        {
            terms.AddFrequency(_localTerms[i], _localCounts[locals[i]]);
        }

        var columns = _columns.Trim();
        _columns = new ProductColumns(columns.Count);
        Array.Clear(_localCounts, 0, _localCount);
        _localCount = 0;
        _noteCount = 0;
        return new Segment(_ids.Build(), columns, writer.Build());
    }

    // "true", "false", "Y", "N" say nothing without the specification's name.
    private static bool IsText(string value) => value is not ("true" or "false" or "Y" or "N" or "");

    private void Note(string? text, ProductField field, int doc)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        _tokenizer.Tokenize(text);
        var start = _positions[(int)field];
        var purpose = 0;
        foreach (ref readonly var token in _tokenizer.Tokens)
        {
            var word = _tokenizer.Text(token);
            AddNote(terms.Intern(word, token.Kind), doc | (token.IsPart ? PartFlag : 0) | purpose, field, start + token.Position);
            purpose = field == ProductField.Name && FunctionWords.BeginsPurpose(word) ? PurposeFlag : purpose;
        }

        // A gap between values, so that no phrase spans two of them.
        _positions[(int)field] = start + _tokenizer.Positions + FieldGap;
        _words[(int)field] += _tokenizer.Positions;
    }

    /// <summary>
    /// A SKU of one run is one word, itself and nothing else: millions of them would otherwise leave millions of numbers among the
    /// words. One of several is words, and besides an identifier as a whole.
    /// </summary>
    /// <returns>The term of the whole SKU plus one, 0 for none.</returns>
    private int NoteSku(string? text, int doc)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 0;
        }

        _tokenizer.Tokenize(text);
        if (Identifier.IsOneRun(_tokenizer.Tokens))
        {
            var whole = _tokenizer.Tokens[^1];
            var run = terms.Intern(_tokenizer.Text(whole), whole.Kind);
            AddNote(run, doc, ProductField.Sku, 0);
            _words[(int)ProductField.Sku] = 1;
            terms.MarkSku(run);
            return run + 1;
        }

        Note(text, ProductField.Sku, doc);
        Span<char> buffer = stackalloc char[Tokenizer.MaxTokenLength];
        var joined = Identifier.Join(_tokenizer, text, buffer);
        if (joined.Length < Identifier.MinLength)
        {
            return 0;
        }

        var identifier = terms.InternIdentifier(joined);
        AddNote(identifier, doc, ProductField.Sku, 0);
        terms.MarkSku(identifier);
        return identifier + 1;
    }

    private void AddNote(int term, int doc, ProductField field, int position)
    {
        if (term >= _locals.Length)
        {
            Array.Resize(ref _locals, Math.Max(term + 1, _locals.Length * 2));
        }

        var local = _locals[term];
        if (local == 0)
        {
            if (_localCount == _localTerms.Length)
            {
                Array.Resize(ref _localTerms, _localCount * 2);
                Array.Resize(ref _localCounts, _localCount * 2);
            }

            _localTerms[_localCount++] = term;
            local = _localCount;
            _locals[term] = local;
        }

        if (_noteCount == _noteLocal.Length)
        {
            Array.Resize(ref _noteLocal, _noteCount * 2);
            Array.Resize(ref _noteDoc, _noteCount * 2);
            Array.Resize(ref _notePlace, _noteCount * 2);
        }

        _localCounts[local - 1]++;
        _noteLocal[_noteCount] = local - 1;
        _noteDoc[_noteCount] = doc;
        _notePlace[_noteCount++] = (ushort)(((int)field << 13) | Math.Min(position, MaxPosition));
    }

    /// <summary>The notes' numbers ordered by local term, and where each term's begin; within a term they stay in the order noted.</summary>
    private int[] SortNotes(out int[] starts)
    {
        starts = new int[_localCount + 1];
        for (var i = 0; i < _localCount; i++)
        {
            starts[i + 1] = starts[i] + _localCounts[i];
        }

        var next = starts.AsSpan(0, _localCount).ToArray();
        var order = new int[_noteCount];
        for (var note = 0; note < _noteCount; note++)
        {
            order[next[_noteLocal[note]]++] = note;
        }

        return order;
    }

    private void WriteTerm(PostingsWriter writer, ReadOnlySpan<int> notes)
    {
        for (var i = 0; i < notes.Length;)
        {
            var doc = _noteDoc[notes[i]] & DocMask;
            var frequency = 0f;
            writer.BeginDoc(doc, 0);
            do
            {
                var part = ranking.Standing((_noteDoc[notes[i]] & PartFlag) != 0, (_noteDoc[notes[i]] & PurposeFlag) != 0);
                var place = _notePlace[notes[i++]];
                var last = i == notes.Length || (_noteDoc[notes[i]] & DocMask) != doc;
                frequency += part * _units[(doc * Fields) + (place >> 13)];
                writer.AddOccurrence(place >> 13, place & MaxPosition, last);
            }
            while (i < notes.Length && (_noteDoc[notes[i]] & DocMask) == doc);

            writer.SetImpact(Impact.Encode(frequency));
        }
    }
}
