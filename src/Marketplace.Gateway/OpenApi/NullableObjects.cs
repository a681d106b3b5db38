using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>In OpenAPI 3.0 <c>nullable</c> counts only beside a type, which a member that refers to a shape does not have by itself.</summary>
internal sealed class NullableObjects : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        foreach (var member in (document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>()).Values.SelectMany(schema => schema.Properties?.Values ?? []))
        {
            if (member is OpenApiSchema { AllOf.Count: > 0, Type: JsonSchemaType.Null } nullable)
            {
                nullable.Type |= JsonSchemaType.Object;
            }
        }
    }
}
