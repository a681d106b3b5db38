namespace Marketplace.SampleData.Wording;

internal enum Language
{
    Russian,
    English,
}

/// <summary>A noun phrase in the nominative. <paramref name="Form"/>: Russian 0–3 (<see cref="Russian.Genders"/>), English 0 singular, 1 plural.</summary>
internal sealed record Noun(string Text, int Form)
{
    public string Capitalised { get; } = char.ToUpperInvariant(Text[0]) + Text[1..];

    /// <summary>From «p:умные часы» or «s:smart watch»: the form's letter, a colon, the phrase.</summary>
    public static Noun Parse(string text, Language language)
    {
        var form = (language == Language.Russian ? Russian.Genders : "sp").IndexOf(text[0]);
        return form >= 0 && text[1] == ':' ? new Noun(text[2..], form) : throw new FormatException($"'{text}' names no form of a noun.");
    }
}

/// <summary>An adjective in all forms, plain and at the beginning of a sentence.</summary>
internal sealed class Adjective(string text, Language language)
{
    private readonly string[] _forms = language == Language.Russian ? Russian.Agree(text) : [text, text];

    public string For(Noun noun) => _forms[noun.Form];
}
