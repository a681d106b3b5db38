using System.Net.Mime;
using Marketplace.Gateway.Ingestion;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>An operation that takes records in: its body has three forms, and its answer follows the form.</summary>
internal sealed class IngestionOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IngestionMetadata>().FirstOrDefault() is not { } metadata)
        {
            return;
        }

        var item = Schema(metadata.Item);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = metadata.Sizes,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new() { Schema = OneOf(item, new OpenApiSchema { Type = JsonSchemaType.Array, Items = item }) },
                [RecordIngestion.Ndjson] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
        operation.Responses = new OpenApiResponses
        {
            ["202"] = Json("Durable: the receipt of one, or the report of many, all of them taken.", OneOf(Schema(metadata.Receipt), Schema(metadata.Report))),
            ["207"] = Json("Of many, some were refused; those taken are durable.", Schema(metadata.Report)),
            ["400"] = Problem("400"),
            ["503"] = Problem("503"),
        };

        IOpenApiSchema Schema(Type type) => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);

        OpenApiResponse Problem(string status) => new() { Description = status, Content = ProblemResponses.Content(context, metadata.Problem) };
    }

    private static OpenApiSchema OneOf(params IOpenApiSchema[] schemas) => new() { OneOf = [.. schemas] };

    private static OpenApiResponse Json(string description, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [MediaTypeNames.Application.Json] = new() { Schema = schema } },
    };
}
