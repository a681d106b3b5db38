using System.Globalization;
using Marketplace.Gateway.ReadModels;
using Marketplace.Search;
using Marketplace.Search.Ranking;
using Marketplace.Search.Synonyms;

namespace Marketplace.Gateway.Hosting.Settings;

/// <summary>The settings of <c>Search</c>: weights of fields and of what a product has beside its words, a file of synonyms, and how long pages follow each other.</summary>
internal static class SearchSettings
{
    public static readonly string[] Weights =
        ["Name", "Brand", "Category", "Tags", "Sku", "Specifications", "Description", "OtherForm", "Prefix", "Synonym", "Correction", "AdjacentWords", "ExactName", "ExactCategory", "InStock", "Popularity"];

    /// <exception cref="StartRefusedException">The file of synonyms cannot be read.</exception>
    public static SearchIndexOptions Read(IConfigurationSection section) => new()
    {
        Synonyms = ReadSynonyms(section["Synonyms"]),
        Ranking = ReadRanking(section.GetSection("Weights")),
    };

    public static PagingOptions ReadPaging(IConfigurationSection section)
    {
        var otherwise = new PagingOptions();
        return otherwise with
        {
            HoldFor = SettingRule.ParseDuration(section["HoldFor"]) ?? otherwise.HoldFor,
            MaxHeld = section.GetValue("MaxHeld", otherwise.MaxHeld),
        };
    }

    private static SynonymTable ReadSynonyms(string? path)
    {
        try
        {
            return path is null ? SynonymTable.Default : SynonymTable.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartRefusedException($"The setting 'Search:Synonyms' is '{path}', which is not possible: {e.Message}");
        }
    }

    private static RankingOptions ReadRanking(IConfigurationSection section)
    {
        var otherwise = new RankingOptions();
        return otherwise with
        {
            Name = Field(otherwise.Name, "Name"),
            Brand = Field(otherwise.Brand, "Brand"),
            Category = Field(otherwise.Category, "Category"),
            Tags = Field(otherwise.Tags, "Tags"),
            Sku = Field(otherwise.Sku, "Sku"),
            Specifications = Field(otherwise.Specifications, "Specifications"),
            Description = Field(otherwise.Description, "Description"),
            OtherForm = Weight(otherwise.OtherForm, "OtherForm"),
            Prefix = Weight(otherwise.Prefix, "Prefix"),
            Synonym = Weight(otherwise.Synonym, "Synonym"),
            Correction = Weight(otherwise.Correction, "Correction"),
            AdjacentWords = Weight(otherwise.AdjacentWords, "AdjacentWords"),
            ExactName = Weight(otherwise.ExactName, "ExactName"),
            ExactCategory = Weight(otherwise.ExactCategory, "ExactCategory"),
            InStock = Weight(otherwise.InStock, "InStock"),
            Popularity = Weight(otherwise.Popularity, "Popularity"),
        };

        FieldWeight Field(FieldWeight field, string name) => field with { Weight = Weight(field.Weight, name) };

        float Weight(float weight, string name) => section[name] is { } value ? float.Parse(value, CultureInfo.InvariantCulture) : weight;
    }
}
