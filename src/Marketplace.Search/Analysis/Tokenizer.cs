namespace Marketplace.Search.Analysis;

/// <summary>
/// Cuts text into folded words and numbers without allocating. Letters and digits part company (<c>16гб</c> is 16 and гб),
/// and a chunk of several parts is emitted once more as a whole (<c>16гб</c>), so that it is found either way.
/// One instance serves one thread.
/// </summary>
internal sealed class Tokenizer
{
    /// <summary>Longer words are cut to this many characters.</summary>
    public const int MaxTokenLength = 48;

    private const int MaxJoinedParts = 6;

    private readonly FoldedText _folded = new();
    private char[] _text = new char[1024];
    private int _textLength;
    private Token[] _tokens = new Token[256];
    private int _count;
    private int _position;
    private int _chunk;

    /// <summary>The tokens of the last text, in its order; a joined token follows its parts.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>How many positions the last text had.</summary>
    public int Positions => _position;

    public ReadOnlySpan<char> Text(in Token token) => _text.AsSpan(token.Start, token.Length);

    public void Tokenize(ReadOnlySpan<char> text)
    {
        _count = 0;
        _textLength = 0;
        _position = 0;
        _chunk = 0;
        _folded.Fold(text);
        var i = 0;
        while (i < _folded.Length)
        {
            if (_folded.ClassAt(i) is CharClass.Letter or CharClass.Digit)
            {
                i = CutChunk(i);
                _chunk++;
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Emits the parts of the chunk that begins here, and the chunk as a whole; returns where it ends.</summary>
    private int CutChunk(int start)
    {
        var first = _count;
        var hasLetters = false;
        var i = start;
        while (true)
        {
            if (_folded.ClassAt(i) == CharClass.Digit)
            {
                i = CutNumber(i);
            }
            else
            {
                hasLetters = true;
                var end = _folded.RunEnd(i, CharClass.Letter);
                Emit(i, end, TokenKind.Word);
                i = end;
            }

            if (i >= _folded.Length)
            {
                break;
            }

            if (_folded.ClassAt(i) == CharClass.Connector && Connects(i))
            {
                i++;
            }
            else if (_folded.ClassAt(i) is not (CharClass.Letter or CharClass.Digit))
            {
                break;
            }
        }

        if (hasLetters && _count - first is > 1 and <= MaxJoinedParts)
        {
            EmitJoined(first);
        }

        return i;
    }

    private bool Connects(int i)
    {
        if (i + 1 >= _folded.Length || _folded.ClassAt(i + 1) is not (CharClass.Letter or CharClass.Digit))
        {
            return false;
        }

        return _folded[i] switch
        {
            ',' => false,
            '/' => _folded.ClassAt(i - 1) == CharClass.Digit || _folded.ClassAt(i + 1) == CharClass.Digit,
            _ => true,
        };
    }

    /// <summary>
    /// A run of digits with points and commas: <c>5.5</c> and <c>5,5</c> are one number, <c>1,500</c> is 1500, <c>192.168.1.1</c> stays
    /// together, <c>10,100,1000</c> are three.
    /// </summary>
    private int CutNumber(int start)
    {
        var end = _folded.RunEnd(start, CharClass.Digit);
        int points = 0, commas = 0;
        var thousands = end - start <= 3;
        var last = end - start;
        while (end + 1 < _folded.Length && _folded[end] is '.' or ',' && _folded.ClassAt(end) == CharClass.Connector && _folded.ClassAt(end + 1) == CharClass.Digit)
        {
            if (_folded[end] == '.') { points++; } else { commas++; }
            var next = _folded.RunEnd(end + 1, CharClass.Digit);
            last = next - end - 1;
            thousands &= last == 3;
            end = next;
        }

        if (commas == 0 || (points == 0 && commas == 1 && last <= 2) || (points == 0 && thousands))
        {
            Emit(start, end, TokenKind.Number, dropCommas: thousands);
            return end;
        }

        for (var i = start; i < end;)
        {
            var next = _folded.RunEnd(i, CharClass.Digit);
            Emit(i, next, TokenKind.Number);
            i = next + 1;
        }

        return end;
    }

    private void Emit(int start, int end, TokenKind kind, bool dropCommas = false)
    {
        EnsureText(end - start);
        var at = _textLength;
        for (var i = start; i < end && _textLength - at < MaxTokenLength; i++)
        {
            var c = _folded[i];
            if (c == ',')
            {
                if (dropCommas)
                {
                    continue;
                }

                c = '.';
            }

            _text[_textLength++] = c;
        }

        Add(new Token(at, _textLength - at, kind, _position++, _chunk, _folded.SourceAt(start), _folded.SourceEnd(end)));
    }

    private void EmitJoined(int first)
    {
        var length = 0;
        for (var k = first; k < _count; k++)
        {
            length += _tokens[k].Length;
        }

        if (length > MaxTokenLength)
        {
            return;
        }

        EnsureText(length);
        var at = _textLength;
        for (var k = first; k < _count; k++)
        {
            _text.AsSpan(_tokens[k].Start, _tokens[k].Length).CopyTo(_text.AsSpan(_textLength));
            _textLength += _tokens[k].Length;
            _tokens[k] = _tokens[k] with { IsPart = true };
        }

        Add(new Token(at, length, TokenKind.Joined, _tokens[first].Position, _chunk, _tokens[first].SourceStart, _tokens[_count - 1].SourceEnd));
    }

    private void Add(in Token token)
    {
        if (_count == _tokens.Length)
        {
            Array.Resize(ref _tokens, _count * 2);
        }

        _tokens[_count++] = token;
    }

    private void EnsureText(int more)
    {
        if (_textLength + more > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_textLength + more, _text.Length * 2));
        }
    }
}
