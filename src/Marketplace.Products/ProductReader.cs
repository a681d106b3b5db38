using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Marketplace.Products;

/// <summary>Reads a <see cref="ProductDocument"/> from JSON in one pass.</summary>
public static class ProductReader
{
    /// <summary>False when the bytes are not a JSON object with a non-empty <c>product_id</c> and a <c>name</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ProductDocument? product) => TryRead(json, ReadObject, out product);

    /// <summary>Like <see cref="TryRead(ReadOnlySpan{byte}, out ProductDocument?)"/>, but only what is shown as text.</summary>
    public static bool TryReadTexts(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ProductTexts? texts) => TryRead(json, ReadTexts, out texts);

    private static bool TryRead<T>(ReadOnlySpan<byte> json, ReadMembers<T> read, [NotNullWhen(true)] out T? product)
        where T : class
    {
        product = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            product = read(ref reader);
            return product is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-16 (a lone surrogate).
            return false;
        }
    }

    private static ProductTexts? ReadTexts(ref Utf8JsonReader reader)
    {
        string? id = null, name = null, brand = null, category = null, description = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("product_id"u8)) { id = ReadText(ref reader); }
            else if (reader.ValueTextEquals("name"u8)) { name = ReadText(ref reader); }
            else if (reader.ValueTextEquals("brand"u8)) { brand = ReadText(ref reader); }
            else if (reader.ValueTextEquals("category"u8)) { category = ReadText(ref reader); }
            else if (reader.ValueTextEquals("description"u8)) { description = ReadText(ref reader); }
            else { SkipValue(ref reader); }
        }

        return string.IsNullOrEmpty(id) || name is null ? null : new ProductTexts(id, name, brand, category, description);
    }

    private static ProductDocument? ReadObject(ref Utf8JsonReader reader)
    {
        string? id = null, name = null, description = null, category = null, brand = null, sku = null, store = null;
        List<string>? tags = null;
        List<Specification>? specifications = null;
        Price? price = null;
        long? available = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("product_id"u8)) { id = ReadText(ref reader); }
            else if (reader.ValueTextEquals("name"u8)) { name = ReadText(ref reader); }
            else if (reader.ValueTextEquals("description"u8)) { description = ReadText(ref reader); }
            else if (reader.ValueTextEquals("category"u8)) { category = ReadText(ref reader); }
            else if (reader.ValueTextEquals("brand"u8)) { brand = ReadText(ref reader); }
            else if (reader.ValueTextEquals("sku"u8)) { sku = ReadText(ref reader); }
            else if (reader.ValueTextEquals("store_id"u8)) { store = ReadText(ref reader); }
            else if (reader.ValueTextEquals("tags"u8)) { tags = ReadTags(ref reader); }
            else if (reader.ValueTextEquals("price"u8)) { price = ReadPrice(ref reader); }
            else if (reader.ValueTextEquals("stock"u8)) { available = ReadAvailable(ref reader); }
            else if (reader.ValueTextEquals("specifications"u8)) { specifications = ReadSpecifications(ref reader); }
            else { SkipValue(ref reader); }
        }

        return string.IsNullOrEmpty(id) || name is null
            ? null
            : new ProductDocument
            {
                Id = id,
                Name = name,
                Description = description,
                Category = category,
                Brand = brand,
                Sku = sku,
                StoreId = store,
                Tags = tags ?? (IReadOnlyList<string>)[],
                Price = price,
                Available = available,
                Specifications = specifications ?? (IReadOnlyList<Specification>)[],
            };
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static List<string>? ReadTags(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var tags = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                tags.Add(reader.GetString()!);
            }
            else
            {
                reader.Skip();
            }
        }

        return tags;
    }

    private static Price? ReadPrice(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        decimal? amount = null;
        var currency = Price.DefaultCurrency;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("amount"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value))
                {
                    amount = value;
                }

                reader.Skip();
            }
            else if (reader.ValueTextEquals("currency"u8))
            {
                currency = ReadText(ref reader)?.ToUpperInvariant() ?? currency;
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return amount is { } known ? new Price(known, string.IsInterned(currency) ?? currency) : null;
    }

    private static long? ReadAvailable(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        long? available = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals("available"u8);
            reader.Read();
            if (wanted && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value))
            {
                available = value;
            }

            reader.Skip();
        }

        return available;
    }

    private static List<Specification>? ReadSpecifications(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var found = new List<Specification>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            ReadSpecification(ref reader, name, found);
        }

        return found;
    }

    private static void ReadSpecification(ref Utf8JsonReader reader, string name, List<Specification> found)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                found.Add(new Specification(name, reader.GetString()!));
                break;
            case JsonTokenType.Number:
                found.Add(new Specification(name, Encoding.UTF8.GetString(reader.ValueSpan)));
                break;
            case JsonTokenType.True:
                found.Add(new Specification(name, "true"));
                break;
            case JsonTokenType.False:
                found.Add(new Specification(name, "false"));
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadSpecification(ref reader, name, found);
                }

                break;
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var path = $"{name}.{reader.GetString()}";
                    reader.Read();
                    ReadSpecification(ref reader, path, found);
                }

                break;
        }
    }

    private delegate T? ReadMembers<T>(ref Utf8JsonReader reader);
}
