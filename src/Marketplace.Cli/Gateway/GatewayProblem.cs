using System.Text;

namespace Marketplace.Cli.Gateway;

/// <summary>The gateway's <c>application/problem+json</c>.</summary>
/// <param name="NextIndex">Of many products: the first that is not known to be durable.</param>
internal sealed record GatewayProblem(
    int Status, string? Title, string? Detail, Dictionary<string, string[]>? Errors, long? Accepted, long? Rejected, long? NextIndex)
{
    public const string MediaType = "application/problem+json";

    /// <summary>One line that names the fields.</summary>
    public override string ToString()
    {
        var line = new StringBuilder($"шлюз ответил {Status}: {Detail ?? Title}");
        if (Errors is { Count: > 0 })
        {
            line.Append(' ').Append(FieldErrors.Line(Errors));
        }

        return line.ToString();
    }
}

/// <summary>Validation errors by field path, as one line.</summary>
internal static class FieldErrors
{
    /// <summary>The name the gateway gives to what concerns the whole document.</summary>
    private const string Whole = "$";

    public static string Line(IReadOnlyDictionary<string, string[]> errors) => string.Join("; ", errors.Select(error =>
        error.Key == Whole ? string.Join(", ", error.Value) : $"{error.Key}: {string.Join(", ", error.Value)}"));
}
