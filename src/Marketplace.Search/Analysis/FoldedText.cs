using System.Text;

namespace Marketplace.Search.Analysis;

/// <summary>
/// A text in which case, accents and compatibility forms are folded away, with the class of each character and where in the
/// source it came from. Its memory is used again for the next text; one instance serves one thread.
/// </summary>
internal sealed class FoldedText
{
    private char[] _chars = new char[1024];
    private CharClass[] _classes = new CharClass[1024];
    private int[] _sources = new int[1024];
    private int _sourceLength;

    public int Length { get; private set; }

    public char this[int index] => _chars[index];

    public CharClass ClassAt(int index) => _classes[index];

    /// <summary>The index in the source.</summary>
    public int SourceAt(int index) => _sources[index];

    public void Fold(ReadOnlySpan<char> text)
    {
        Length = 0;
        _sourceLength = text.Length;
        EnsureFolded(text.Length + 32);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var kind = CharFolding.ClassOf(c);
            if (kind <= CharClass.Connector)
            {
                var n = Length++;
                _chars[n] = CharFolding.Fold(c);
                _classes[n] = kind;
                _sources[n] = i;
            }
            else if (kind == CharClass.Mark)
            {
                if (Length > 0 && CharFolding.TryCompose(_chars[Length - 1], c, out var composed))
                {
                    _chars[Length - 1] = composed;
                }
            }
            else if (kind == CharClass.Complex)
            {
                FoldComplex(text, ref i);
            }
        }
    }

    private void FoldComplex(ReadOnlySpan<char> text, ref int i)
    {
        var start = i;
        if (Rune.DecodeFromUtf16(text[i..], out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
        {
            Append(' ', CharClass.Separator, start, text.Length);
            return;
        }

        i += consumed - 1;
        if (CharFolding.Expand(rune.Value) is { } expansion)
        {
            foreach (var c in expansion)
            {
                var kind = CharFolding.ClassOf(c);
                Append(c, kind <= CharClass.Connector ? kind : CharClass.Separator, start, text.Length);
            }
        }
        else
        {
            var kind = Rune.IsLetter(rune) ? CharClass.Letter : CharClass.Separator;
            for (var k = 0; k < consumed; k++)
            {
                Append(text[start + k], kind, start, text.Length);
            }
        }
    }

    private void Append(char c, CharClass kind, int source, int textLength)
    {
        EnsureFolded(Length + textLength - source + 32);
        _chars[Length] = c;
        _classes[Length] = kind;
        _sources[Length++] = source;
    }

    /// <summary>Where the run of characters of this class ends that goes on here.</summary>
    public int RunEnd(int i, CharClass kind)
    {
        while (i < Length && _classes[i] == kind)
        {
            i++;
        }

        return i;
    }

    /// <summary>Where in the source the word ended that ends here: every character that is no part of a word is in the folded text, so that is the next one's place.</summary>
    public int SourceEnd(int end) => end < Length ? Math.Max(_sources[end], _sources[end - 1] + 1) : _sourceLength;

    private void EnsureFolded(int size)
    {
        if (size > _chars.Length)
        {
            var capacity = Math.Max(size, _chars.Length * 2);
            Array.Resize(ref _chars, capacity);
            Array.Resize(ref _classes, capacity);
            Array.Resize(ref _sources, capacity);
        }
    }
}
