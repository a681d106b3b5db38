using System.Text.Json;
using FluentValidation;

namespace Marketplace.Products.Validation;

/// <summary>Rules for a parsed value; what is absent passes all of them but <see cref="Present"/>.</summary>
internal static class JsonElementRules
{
    public static IRuleBuilderOptions<T, JsonElement> Present<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.Must(value => !IsAbsent(value)).WithMessage("is required");

    public static IRuleBuilderOptions<T, JsonElement> OneOf<T>(this IRuleBuilder<T, JsonElement> rule, string message, params JsonValueKind[] kinds) =>
        rule.Must(value => IsAbsent(value) || kinds.Contains(value.ValueKind)).WithMessage(message);

    public static IRuleBuilderOptions<T, JsonElement> Text<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.OneOf("must be a string", JsonValueKind.String);

    public static IRuleBuilderOptions<T, JsonElement> Amount<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.Must(value => IsAbsent(value) || (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount >= 0))
            .WithMessage("must be a number from 0 to 79228162514264337593543950335");

    public static IRuleBuilderOptions<T, JsonElement> Count<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.Must(value => IsAbsent(value) || (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0))
            .WithMessage("must be a whole number from 0 to 9223372036854775807");

    public static IRuleBuilderOptions<T, JsonElement> Currency<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.Must(value => IsAbsent(value) || (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: 3 } text && text.All(char.IsAsciiLetter)))
            .WithMessage("must be three letters, such as RUB");

    public static IRuleBuilderOptions<T, JsonElement> Instant<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.Must(value => IsAbsent(value) || (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _)))
            .WithMessage("must be a date and time of ISO 8601, such as 2026-01-31T12:00:00Z");

    private static bool IsAbsent(JsonElement value) => value.ValueKind == JsonValueKind.Undefined;
}
