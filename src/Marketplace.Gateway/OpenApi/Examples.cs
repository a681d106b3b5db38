using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Endpoint metadata: a body that works when it is tried.</summary>
/// <param name="Body">The body as sent; a media type other than JSON is shown as text.</param>
public sealed record BodyExample(string Name, string Body, string MediaType = MediaTypeNames.Application.Json);

/// <summary>Endpoint metadata: a parameter's value that works when it is tried.</summary>
public sealed record ParameterExample(string Name, JsonNode Value);

/// <summary>Writes the examples of the endpoints into their operations.</summary>
internal sealed class Examples : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        foreach (var example in metadata.OfType<ParameterExample>())
        {
            if (operation.Parameters?.FirstOrDefault(p => p.Name == example.Name) is OpenApiParameter parameter)
            {
                parameter.Example = example.Value.DeepClone();
            }
        }

        foreach (var example in metadata.OfType<BodyExample>())
        {
            if (operation.RequestBody?.Content?.TryGetValue(example.MediaType, out var content) == true)
            {
                (content.Examples ??= new Dictionary<string, IOpenApiExample>()).Add(example.Name, new OpenApiExample
                {
                    Value = example.MediaType == MediaTypeNames.Application.Json ? JsonNode.Parse(example.Body) : JsonValue.Create(example.Body),
                });
            }
        }
    }
}
