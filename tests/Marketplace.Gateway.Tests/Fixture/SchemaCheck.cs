using System.Text.Json;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Checks a JSON value against a schema of an OpenAPI 3.0 document, as far as the gateway's document goes.</summary>
internal static class SchemaCheck
{
    public static IReadOnlyList<string> Faults(JsonElement document, JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!.Split('/')[^1];
            return Faults(document, document.GetProperty("components").GetProperty("schemas").GetProperty(name), value, path);
        }

        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean())
        {
            return [];
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            return [.. all.EnumerateArray().SelectMany(part => Faults(document, part, value, path))];
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fits = choices.EnumerateArray().Count(choice => Faults(document, choice, value, path).Count == 0);
            return fits == 1 ? [] : [$"{path} fits {fits} of the choices"];
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return schema.TryGetProperty("type", out _) ? [$"{path} is null"] : [];
        }

        var type = schema.TryGetProperty("type", out var named) ? named.GetString() : null;
        return type switch
        {
            "object" => Object(document, schema, value, path),
            "array" when value.ValueKind == JsonValueKind.Array =>
                [.. value.EnumerateArray().SelectMany((item, i) => Faults(document, schema.GetProperty("items"), item, $"{path}[{i}]"))],
            "string" when value.ValueKind == JsonValueKind.String => [],
            "integer" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) => [],
            "number" when value.ValueKind == JsonValueKind.Number => [],
            "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => [],
            null => [],
            _ => [$"{path} is {value.ValueKind}, documented as {type}"],
        };
    }

    private static IReadOnlyList<string> Object(JsonElement document, JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [$"{path} is {value.ValueKind}, documented as object"];
        }

        var faults = new List<string>();
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var property))
            {
                faults.AddRange(Faults(document, property, member.Value, $"{path}.{member.Name}"));
            }
            else if (others.ValueKind == JsonValueKind.False)
            {
                faults.Add($"{path}.{member.Name} is not documented");
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                faults.AddRange(Faults(document, others, member.Value, $"{path}.{member.Name}"));
            }
        }

        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(required.EnumerateArray().Select(r => r.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}.{name} is missing"));
        }

        return faults;
    }
}
