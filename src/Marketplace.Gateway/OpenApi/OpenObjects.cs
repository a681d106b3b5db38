using Marketplace.Gateway.Client;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>A product may have members of the shop's own, and so may what is in it, and a problem its own kind's.</summary>
internal sealed class OpenObjects : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema described && (typeof(IOpenAnswer).IsAssignableFrom(context.Type) || context.Type == typeof(ProblemAnswer)))
        {
            described.AdditionalPropertiesAllowed = true;
        }
    }
}
