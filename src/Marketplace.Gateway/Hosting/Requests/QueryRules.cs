using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Marketplace.Gateway.Hosting.Problems;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>
/// Checks the parameters of a query before they are bound, by what the endpoint declares of them: the type, <see cref="RangeAttribute"/>,
/// <see cref="AllowedValuesAttribute"/>, <see cref="MaxLengthAttribute"/>, <see cref="RegularExpressionAttribute"/> with its message. The OpenAPI document is written from the same declarations.
/// </summary>
internal static class QueryRules
{
    private static readonly ConditionalWeakTable<Endpoint, Rule[]> Known = [];

    /// <summary>After access: who may not ask learns nothing of how to.</summary>
    public static void UseQueryRules(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint() is { } endpoint && Known.GetValue(endpoint, Read) is { Length: > 0 } rules)
        {
            Check(rules, context.Request.Query);
        }

        return next(context);
    });

    private static void Check(Rule[] rules, IQueryCollection query)
    {
        Dictionary<string, string[]>? errors = null;
        foreach (var rule in rules)
        {
            if (rule.FaultOf(query[rule.Name]) is { } fault)
            {
                (errors ??= [])[rule.Name] = [fault];
            }
        }

        if (errors is not null)
        {
            throw ProblemException.OfFields(errors);
        }
    }

    private static Rule[] Read(Endpoint endpoint) =>
        [.. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Select(Rule.Of).Where(rule => rule is not null)!];

    private sealed record Rule(string Name, Type Type, bool IsRequired, RangeAttribute? Range, AllowedValuesAttribute? Values, int? MaxLength, RegularExpressionAttribute? Form)
    {
        private static readonly Type[] Types = [typeof(string), typeof(int), typeof(decimal), typeof(bool)];

        /// <summary>Null: it does not come from the query, or is a list, of which anything may be given.</summary>
        public static Rule? Of(IParameterBindingMetadata parameter)
        {
            var info = parameter.ParameterInfo;
            var type = Nullable.GetUnderlyingType(info.ParameterType) ?? info.ParameterType;
            return Types.Contains(type)
                ? new Rule(
                    info.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name, type, !parameter.IsOptional,
                    info.GetCustomAttribute<RangeAttribute>(), info.GetCustomAttribute<AllowedValuesAttribute>(), info.GetCustomAttribute<MaxLengthAttribute>()?.Length,
                    info.GetCustomAttribute<RegularExpressionAttribute>())
                : null;
        }

        public string? FaultOf(StringValues values) => values switch
        {
            [] => IsRequired ? "is required" : null,
            [{ } value] => Type == typeof(string) ? FaultOfText(value) : Type == typeof(int) ? FaultOfNumber(value) : Type == typeof(bool) ? FaultOfSwitch(value) : FaultOfDecimal(value),
            _ => "is given more than once",
        };

        private string? FaultOfText(string value) =>
            Values is not null && !Values.Values.Contains(value) ? $"must be one of {string.Join(", ", Values.Values)}"
            : Form is not null && !Regex.IsMatch(value, $@"\A(?:{Form.Pattern})\z", RegexOptions.CultureInvariant) ? Form.ErrorMessage
            : value.Length > MaxLength ? $"must be at most {MaxLength} characters"
            : null;

        private string? FaultOfNumber(string value) =>
            !int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? "must be a whole number"
            : Range is null || Range.IsValid(number) ? null
            : Range is { Minimum: 0, Maximum: int.MaxValue } ? "must not be negative"
            : $"must be {Range.Minimum} to {Range.Maximum}";

        private static string? FaultOfSwitch(string value) => bool.TryParse(value, out _) ? null : "must be true or false";

        /// <summary>The framework takes a comma for a separator of thousands: «1,5» would be 15.</summary>
        private static string? FaultOfDecimal(string value) =>
            value.Contains(',', StringComparison.Ordinal) ? "must be a number with a point, without commas"
            : decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _) ? null
            : "must be a number, written without an exponent";
    }
}
