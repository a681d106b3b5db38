using System.Globalization;
using System.Text;

namespace Marketplace.Search.Analysis;

/// <summary>What a folded character means to the tokenizer.</summary>
internal enum CharClass : byte
{
    Separator,
    Letter,
    Digit,

    /// <summary>Joins the parts of one chunk when it stands between letters or digits without a space.</summary>
    Connector,

    /// <summary>A combining mark: composes with the letter before it or vanishes.</summary>
    Mark,

    /// <summary>Invisible (soft hyphen, joiners): vanishes.</summary>
    Ignorable,

    /// <summary>Folds to several characters, or is half of a surrogate pair.</summary>
    Complex,
}

/// <summary>
/// NFKC, case folding, ё=е and Latin or Greek letters without their marks, character by character. The table
/// <c>Folding.txt</c> is made from the Unicode data, because normalization is not there under invariant globalization.
/// </summary>
internal static class CharFolding
{
    private static readonly CharClass[] Classes = new CharClass[char.MaxValue + 1];
    private static readonly char[] Folded = new char[char.MaxValue + 1];
    private static readonly Dictionary<int, string> Expansions = [];
    private static readonly Dictionary<(char Letter, char Mark), char> Compositions = [];

    static CharFolding()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            Folded[c] = char.ToLowerInvariant((char)c);
            Classes[c] = Classify((char)c);
        }

        ReadTable();
        foreach (var dash in "\u00AD\u200B\u200C\u200D\u2060\uFEFF\u0640")
        {
            Classes[dash] = CharClass.Ignorable;
        }

        foreach (var dash in "\u2010\u2011\u2012\u2013\u2212")
        {
            SetConnector(dash, '-');
        }

        foreach (var apostrophe in "\u2019\u2018\u02BC`")
        {
            SetConnector(apostrophe, '\'');
        }

        foreach (var same in "-.,/'_")
        {
            SetConnector(same, same);
        }

        // Compatibility forms of these would glue letters to the word before: Core™ is not "coretm".
        foreach (var mark in "\u2122\u2120\u00AE\u00A9\u00AA\u00BA")
        {
            Classes[mark] = CharClass.Separator;
        }
    }

    public static CharClass ClassOf(char c) => Classes[c];

    public static char Fold(char c) => Folded[c];

    /// <summary>What a complex character or a code point beyond the basic plane folds to; null when it stands for itself.</summary>
    public static string? Expand(int codePoint) => Expansions.GetValueOrDefault(codePoint);

    public static bool TryCompose(char letter, char mark, out char composed) => Compositions.TryGetValue((letter, mark), out composed);

    private static void SetConnector(char c, char folded)
    {
        Classes[c] = CharClass.Connector;
        Folded[c] = folded;
    }

    private static CharClass Classify(char c) => char.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => CharClass.Letter,
        UnicodeCategory.DecimalDigitNumber => CharClass.Digit,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Mark,
        UnicodeCategory.Format => CharClass.Ignorable,
        UnicodeCategory.Surrogate => CharClass.Complex,
        _ => CharClass.Separator,
    };

    private static void ReadTable()
    {
        using var stream = typeof(CharFolding).Assembly.GetManifestResourceStream("Folding.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ');
            var target = string.Concat(parts.Skip(1).Select(p => char.ConvertFromUtf32(Hex(p))));
            var plus = parts[0].IndexOf('+', StringComparison.Ordinal);
            if (plus > 0)
            {
                Compositions[((char)Hex(parts[0][..plus]), (char)Hex(parts[0][(plus + 1)..]))] = target[0];
                continue;
            }

            var source = Hex(parts[0]);
            if (source <= char.MaxValue && target.Length == 1)
            {
                Folded[source] = target[0];
                Classes[source] = Classify(target[0]);
            }
            else
            {
                Expansions[source] = target;
                if (source <= char.MaxValue)
                {
                    Classes[source] = CharClass.Complex;
                }
            }
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
