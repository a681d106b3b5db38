using System.Runtime.CompilerServices;
using Marketplace.Products;
using Marketplace.Recommendations.Storage;

namespace Marketplace.Recommendations.Content;

/// <summary>
/// Reads a product's features as 64-bit hashes: category, brand, both together, tags, words of the name.
/// Text is folded to lower case with ё as е, and words are cut to their first letters, which joins most grammatical
/// forms (f-n truncation, McNamee &amp; Mayfield 2004), without a string being made.
/// </summary>
internal static class FeatureExtractor
{
    public const int MaxFeatures = 20;
    private const int MaxTags = 6;
    private const int StemLetters = 6;
    private const ulong Multiplier = 0x9e3779b97f4a7c15;

    /// <summary>Writes the distinct features to <paramref name="features"/> (at least <see cref="MaxFeatures"/> long) and returns how many.</summary>
    public static int Extract(ProductDocument product, Span<Feature> features)
    {
        var count = 0;
        var category = HashText(product.Category);
        var brand = HashText(product.Brand);
        if (category != 0)
        {
            Add(features, ref count, new Feature(FeatureField.Category, category));
        }

        if (brand != 0)
        {
            Add(features, ref count, new Feature(FeatureField.Brand, brand));
        }

        if (category != 0 && brand != 0)
        {
            Add(features, ref count, new Feature(FeatureField.BrandInCategory, category + (brand * Multiplier)));
        }

        for (var i = 0; i < Math.Min(product.Tags.Count, MaxTags); i++)
        {
            var tag = HashText(product.Tags[i]);
            if (tag != 0)
            {
                Add(features, ref count, new Feature(FeatureField.Tag, tag));
            }
        }

        AddWords(product.Name, features, ref count);
        return count;
    }

    /// <summary>Words are runs of letters or of digits; a single letter says nothing.</summary>
    private static void AddWords(string name, Span<Feature> features, ref int count)
    {
        for (var at = 0; at < name.Length && count < MaxFeatures;)
        {
            var hash = 0UL;
            var start = at;
            if (char.IsLetter(name[at]))
            {
                for (; at < name.Length && char.IsLetter(name[at]); at++)
                {
                    hash = at - start < StemLetters ? Append(hash, Fold(name[at])) : hash;
                }
            }
            else if (char.IsDigit(name[at]))
            {
                for (; at < name.Length && char.IsDigit(name[at]); at++)
                {
                    hash = Append(hash, name[at]);
                }
            }
            else
            {
                at++;
                continue;
            }

            if (at - start > 1)
            {
                Add(features, ref count, new Feature(FeatureField.Word, hash));
            }
        }
    }

    private static void Add(Span<Feature> features, ref int count, Feature feature)
    {
        feature = feature with { Hash = StableHash.Mix(feature.Hash + (ulong)feature.Field) };
        if (count < MaxFeatures && !features[..count].Contains(feature))
        {
            features[count++] = feature;
        }
    }

    /// <summary>0 for a text without a letter or digit.</summary>
    private static ulong HashText(string? text)
    {
        var hash = 0UL;
        foreach (var c in text ?? "")
        {
            if (char.IsLetterOrDigit(c))
            {
                hash = Append(hash, Fold(c));
            }
        }

        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Append(ulong hash, char c) => ulong.RotateLeft((hash ^ c) * Multiplier, 29);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static char Fold(char c) => c switch
    {
        < '\u0080' => (uint)(c - 'A') < 26 ? (char)(c | 0x20) : c,
        'Ё' or 'ё' => 'е',
        >= 'А' and <= 'Я' => (char)(c + 0x20),
        >= 'а' and <= 'я' => c,
        _ => char.ToLowerInvariant(c),
    };
}

internal enum FeatureField : byte
{
    Category,
    Brand,
    BrandInCategory,
    Tag,
    Word,
}

internal readonly record struct Feature(FeatureField Field, ulong Hash);
