using System.Net.Mime;
using Marketplace.Gateway.Client;
using Marketplace.Gateway.Shop;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary><c>POST /shop/products</c>, whose body has three forms and whose answer follows the form.</summary>
internal sealed class IngestionOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IngestionMetadata>().Any())
        {
            return;
        }

        var product = Schema(typeof(ProductAnswer));
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "A product has at most 1 MiB, an array 10,000 products, a JSON body 32 MiB; a stream of lines (a product a line) has no end.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] = new() { Schema = OneOf(product, new OpenApiSchema { Type = JsonSchemaType.Array, Items = product }) },
                [ProductIngestion.Ndjson] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
        operation.Responses = new OpenApiResponses
        {
            ["202"] = Json("Durable: the receipt of one, or the report of many, all of them taken.", OneOf(Schema(typeof(ReceiptAnswer)), Schema(typeof(IngestionAnswer)))),
            ["207"] = Json("Of many, some were refused; those taken are durable.", Schema(typeof(IngestionAnswer))),
            ["400"] = Problem("400"),
            ["503"] = Problem("503"),
        };

        IOpenApiSchema Schema(Type type) => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);

        OpenApiResponse Problem(string status) => new() { Description = status, Content = ProblemResponses.Content(context, typeof(IngestionProblem)) };
    }

    private static OpenApiSchema OneOf(params IOpenApiSchema[] schemas) => new() { OneOf = [.. schemas] };

    private static OpenApiResponse Json(string description, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [MediaTypeNames.Application.Json] = new() { Schema = schema } },
    };
}
