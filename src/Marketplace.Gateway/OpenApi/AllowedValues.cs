using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Lists the values of what is one of a few; of a request's parameters the same that are checked.</summary>
internal sealed class AllowedValues : IParameterFilter, ISchemaFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context) =>
        Describe(parameter.Schema, (ICustomAttributeProvider?)context.PropertyInfo ?? context.ParameterInfo);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context) => Describe(schema, context.MemberInfo);

    private static void Describe(IOpenApiSchema? schema, ICustomAttributeProvider? declared)
    {
        if (schema is OpenApiSchema described && declared?.GetCustomAttributes(typeof(AllowedValuesAttribute), true) is [AllowedValuesAttribute allowed])
        {
            described.Enum = [.. allowed.Values.Select(value => JsonValue.Create((string)value!))];
        }
    }
}
