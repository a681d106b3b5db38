using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>Names the query parameters that could not be read as what the endpoint takes; the framework's own refusal does not.</summary>
internal static class QueryFaults
{
    /// <summary>Errors by parameter, or null when the query is not what is wrong.</summary>
    public static IReadOnlyDictionary<string, string[]>? Find(HttpContext context)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            var name = parameter.ParameterInfo.GetCustomAttributes(typeof(FromQueryAttribute), true) is [FromQueryAttribute { Name: { } given }] ? given : parameter.Name;
            var type = Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;
            if (context.Request.Query.TryGetValue(name, out var values) && Wanted(type) is { } wanted && !(values is [{ } value] && CanRead(type, value)))
            {
                errors[name] = [wanted];
            }
        }

        return errors.Count > 0 ? errors : null;
    }

    private static bool CanRead(Type type, string value)
    {
        // As the framework reads it, without an exponent.
        if (type == typeof(decimal))
        {
            return decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _);
        }

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, value) is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string? Wanted(Type type) =>
        type == typeof(int) || type == typeof(long) ? "must be a whole number"
        : type == typeof(decimal) || type == typeof(double) ? "must be a number, written without an exponent"
        : type == typeof(bool) ? "must be true or false"
        : type == typeof(DateTimeOffset) || type == typeof(DateTime) ? "must be an ISO 8601 instant"
        : null;
}
