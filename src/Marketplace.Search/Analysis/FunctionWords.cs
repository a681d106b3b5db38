namespace Marketplace.Search.Analysis;

/// <summary>Words that say little of a product; a query does not insist on them.</summary>
internal static class FunctionWords
{
    private static readonly HashSet<string> All =
    [
        "и", "в", "во", "на", "с", "со", "к", "ко", "от", "до", "из", "за", "по", "о", "об", "для", "при", "без", "под", "над", "у", "или", "а", "не", "же", "бы", "как", "это",
        "a", "an", "the", "of", "for", "with", "and", "or", "in", "on", "to", "by", "at", "from", "is", "it", "as",
    ];

    /// <summary>What follows it in a name is what the product is for, and not what it is.</summary>
    public static bool BeginsPurpose(ReadOnlySpan<char> word) => word is "для" or "for";

    public static bool Contains(string word) => All.Contains(word);
}
