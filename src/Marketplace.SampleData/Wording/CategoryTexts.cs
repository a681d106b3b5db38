namespace Marketplace.SampleData.Wording;

/// <summary>A category's words in one language. Lists are written in one string, divided by «|».</summary>
/// <param name="Nouns">What the goods are called, each with its form: «p:умные часы|m:фитнес-браслет».</param>
/// <param name="Adjectives">At least three; Russian ones in the masculine.</param>
/// <param name="Purposes">What it is for; in Russian the genitive.</param>
/// <param name="Title">The template of a product's name.</param>
internal sealed record Texts(string Nouns, string Adjectives, string Purposes, string Tags, string Title, params string[] Sentences);

/// <summary>The same, parsed.</summary>
internal sealed class CategoryTexts
{
    private static readonly string[] RussianCommon =
    [
        "{=Доставляется|Доставляется|Доставляется|Доставляются} в прочной упаковке.",
        "Перед отправкой каждый заказ проверяют вручную.",
        "Вернуть покупку можно в течение 14 дней.",
        "Марка {brand} представлена в магазине официально.",
        "{=Отправляется|Отправляется|Отправляется|Отправляются} в день заказа.",
    ];

    private static readonly string[] EnglishCommon =
    [
        "{=Ships|Ship} in sturdy packaging.",
        "Every order is checked by hand before dispatch.",
        "Returns are accepted within 14 days.",
        "{brand} is officially represented in the store.",
        "{=Leaves|Leave} the warehouse on the day of the order.",
    ];

    public CategoryTexts(Texts texts, IReadOnlyList<Spec> specs, Language language)
    {
        Language = language;
        Nouns = [.. texts.Nouns.Split('|').Select(text => Noun.Parse(text, language))];
        Adjectives = [.. texts.Adjectives.Split('|').Select(text => new Adjective(text, language))];
        Purposes = texts.Purposes.Split('|');
        Tags = texts.Tags.Split('|');
        Title = Phrase.Parse(texts.Title, specs, language);
        Opening = Phrase.Parse(
            language == Language.Russian
                ? "{Adj} и {adj2} {noun} {brand} для {purpose}."
                : "{Adj} and {adj2} {noun} by {brand} for {purpose}.",
            specs,
            language);
        Sentences = [.. texts.Sentences.Concat(language == Language.Russian ? RussianCommon : EnglishCommon).Select(text => Phrase.Parse(text, specs, language))];
    }

    public Language Language { get; }

    public Noun[] Nouns { get; }

    public Adjective[] Adjectives { get; }

    public string[] Purposes { get; }

    public string[] Tags { get; }

    public Phrase Title { get; }

    public Phrase Opening { get; }

    public Phrase[] Sentences { get; }
}
