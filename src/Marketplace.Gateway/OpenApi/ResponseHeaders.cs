using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>The headers that go with a status, wherever it is answered.</summary>
internal sealed class ResponseHeaders : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is OpenApiResponse described && HeaderOf(status) is var (name, type, words))
            {
                (described.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] =
                    new OpenApiHeader { Description = words, Schema = new OpenApiSchema { Type = type } };
            }
        }
    }

    private static (string Name, JsonSchemaType Type, string Words)? HeaderOf(string status) => status switch
    {
        "201" => ("Location", JsonSchemaType.String, "Where it is found."),
        "401" => ("WWW-Authenticate", JsonSchemaType.String, "The header that takes the key."),
        "503" => ("Retry-After", JsonSchemaType.Integer, "Seconds."),
        _ => null,
    };
}
