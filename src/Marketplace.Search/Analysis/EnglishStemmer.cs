namespace Marketplace.Search.Analysis;

/// <summary>The Snowball stemmer for English, Porter2 (snowballstem.org, algorithms/english).</summary>
internal static class EnglishStemmer
{
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["skis"] = "ski", ["skies"] = "sky", ["idly"] = "idl",
        ["gently"] = "gentl", ["ugly"] = "ugli", ["early"] = "earli", ["only"] = "onli", ["singly"] = "singl", ["sky"] = "sky",
        ["news"] = "news", ["howe"] = "howe", ["atlas"] = "atlas", ["cosmos"] = "cosmos", ["bias"] = "bias", ["andes"] = "andes",
    };

    private static readonly HashSet<string> Invariant = ["inning", "outing", "canning", "herring", "earring", "evening", "proceed", "exceed", "succeed"];
    private static readonly string[] RegionExceptions = ["gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter"];
    private static readonly Endings Step1A = new("sses", "ied ies", "s", "us ss");
    private static readonly Endings Step1B = new("eed eedly", "ed edly ing ingly");

    private static readonly (string Suffix, string By)[] Step2 = Sorted(
        ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"), ("entli", "ent"), ("izer", "ize"), ("ization", "ize"),
        ("ational", "ate"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("aliti", "al"), ("alli", "al"), ("fulness", "ful"),
        ("ousli", "ous"), ("ousness", "ous"), ("iveness", "ive"), ("iviti", "ive"), ("biliti", "ble"), ("bli", "ble"), ("ogist", "og"), ("ogi", "og"),
        ("fulli", "ful"), ("lessli", "less"), ("li", ""));

    private static readonly (string Suffix, string By)[] Step3 = Sorted(
        ("tional", "tion"), ("ational", "ate"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""), ("ative", ""));

    private static readonly Endings Step4 = new("al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize", "ion");

    /// <summary>Stems a lower-case word in place; returns the stem's length. The buffer needs one character more than the word.</summary>
    public static int Stem(Span<char> buffer, int length)
    {
        if (length <= 2)
        {
            return length;
        }

        var exceptions = Exceptions.GetAlternateLookup<ReadOnlySpan<char>>();
        if (exceptions.TryGetValue(buffer[..length], out var special))
        {
            special.CopyTo(buffer);
            return special.Length;
        }

        var word = new Word(buffer, length);
        word.Stem();
        return word.Length;
    }

    private static (string Suffix, string By)[] Sorted(params (string Suffix, string By)[] rules) => [.. rules.OrderByDescending(r => r.Suffix.Length)];

    private ref struct Word
    {
        private readonly Span<char> _buffer;
        private int _length;
        private int _r1;
        private int _r2;

        public Word(Span<char> buffer, int length)
        {
            _buffer = buffer;
            _length = length;
        }

        public readonly int Length => _length;

        private readonly Span<char> Text => _buffer[.._length];

        public void Stem()
        {
            MarkConsonantY();
            MarkRegions();
            RemovePossessive();
            RemovePlural();
            if (!Invariant.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Text))
            {
                RemovePast();
            }

            ReplaceFinalY();
            Replace(Step2, derivational: false);
            Replace(Step3, derivational: true);
            RemoveStep4();
            RemoveFinalEOrL();
            foreach (ref var c in Text)
            {
                if (c == 'Y')
                {
                    c = 'y';
                }
            }
        }

        private void MarkConsonantY()
        {
            if (_buffer[0] == '\'')
            {
                _buffer[1.._length].CopyTo(_buffer);
                _length--;
            }

            for (var i = 0; i < _length; i++)
            {
                if (_buffer[i] == 'y' && (i == 0 || IsVowel(_buffer[i - 1])))
                {
                    _buffer[i] = 'Y';
                }
            }
        }

        private void MarkRegions()
        {
            _r1 = -1;
            foreach (var prefix in RegionExceptions)
            {
                if (Text.StartsWith(prefix))
                {
                    _r1 = prefix.Length;
                }
            }

            _r1 = _r1 >= 0 ? _r1 : RegionAfter(0);
            _r2 = RegionAfter(_r1);
        }

        private readonly int RegionAfter(int from)
        {
            for (var i = from + 1; i < _length; i++)
            {
                if (!IsVowel(_buffer[i]) && IsVowel(_buffer[i - 1]))
                {
                    return i + 1;
                }
            }

            return _length;
        }

        private void RemovePossessive()
        {
            foreach (var suffix in (ReadOnlySpan<string>)["'s'", "'s", "'"])
            {
                if (EndsWith(suffix))
                {
                    _length -= suffix.Length;
                    return;
                }
            }
        }

        private void RemovePlural()
        {
            Step1A.Find(Text, out var group);
            switch (group)
            {
                case 0:
                    _length -= 2;
                    break;
                case 1:
                    _length -= _length > 4 ? 2 : 1;
                    break;
                case 2 when HasVowel(_length - 2):
                    _length--;
                    break;
            }
        }

        private void RemovePast()
        {
            var found = Step1B.Find(Text, out var group);
            if (group == 0)
            {
                if (_length - found >= _r1)
                {
                    _length -= found - 2;
                }

                return;
            }

            if (group != 1 || !HasVowel(_length - found))
            {
                return;
            }

            if (_length == 5 && EndsWith("ying") && !IsVowel(_buffer[0]))
            {
                // dying, lying, tying, vying
                "ie".CopyTo(_buffer[1..]);
                _length = 3;
                return;
            }

            _length -= found;
            if (EndsWith("at") || EndsWith("bl") || EndsWith("iz"))
            {
                _buffer[_length++] = 'e';
            }
            else if (EndsWithDouble())
            {
                // add, ebb, err, off keep theirs.
                _length -= _length == 3 && _buffer[0] is 'a' or 'e' or 'o' ? 0 : 1;
            }
            else if (_r1 >= _length && EndsWithShortSyllable(_length))
            {
                _buffer[_length++] = 'e';
            }
        }

        private void ReplaceFinalY()
        {
            if (_length > 2 && _buffer[_length - 1] is 'y' or 'Y' && !IsVowel(_buffer[_length - 2]))
            {
                _buffer[_length - 1] = 'i';
            }
        }

        private void Replace((string Suffix, string By)[] rules, bool derivational)
        {
            foreach (var (suffix, by) in rules)
            {
                if (!EndsWith(suffix))
                {
                    continue;
                }

                var at = _length - suffix.Length;
                var allowed = at >= _r1 && suffix switch
                {
                    "ogi" => at > 0 && _buffer[at - 1] == 'l',
                    "li" when !derivational => at > 0 && "cdeghkmnrt".Contains(_buffer[at - 1]),
                    "ative" => at >= _r2,
                    _ => true,
                };
                if (allowed)
                {
                    by.CopyTo(_buffer[at..]);
                    _length = at + by.Length;
                }

                return;
            }
        }

        private void RemoveStep4()
        {
            var found = Step4.Find(Text, out var group);
            var at = _length - found;
            if (found > 0 && at >= _r2 && (group == 0 || (at > 0 && _buffer[at - 1] is 's' or 't')))
            {
                _length = at;
            }
        }

        private void RemoveFinalEOrL()
        {
            var last = _length - 1;
            if (last < 1)
            {
                return;
            }

            if (_buffer[last] == 'e')
            {
                if (last >= _r2 || (last >= _r1 && !EndsWithShortSyllable(last)))
                {
                    _length--;
                }
            }
            else if (_buffer[last] == 'l' && last >= _r2 && _buffer[last - 1] == 'l')
            {
                _length--;
            }
        }

        private readonly bool EndsWith(string suffix) => Text.EndsWith(suffix);

        private readonly bool HasVowel(int end) => end > 0 && _buffer[..end].IndexOfAny("aeiouy") >= 0;

        private readonly bool EndsWithDouble() =>
            _length >= 2 && _buffer[_length - 1] == _buffer[_length - 2] && "bdfgmnprt".Contains(_buffer[_length - 1]);

        /// <summary>A vowel between consonants (the last not w, x or Y), or a vowel at the beginning and a consonant.</summary>
        private readonly bool EndsWithShortSyllable(int end)
        {
            if (_buffer[..end].EndsWith("past"))
            {
                return true;
            }

            if (end < 2 || !IsVowel(_buffer[end - 2]) || IsVowel(_buffer[end - 1]))
            {
                return false;
            }

            return end == 2 || (!IsVowel(_buffer[end - 3]) && _buffer[end - 1] is not ('w' or 'x' or 'Y'));
        }

        private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
    }
}
