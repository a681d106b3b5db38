using Marketplace.Gateway.Idempotency;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>What goes for every operation with a body, and for every write that may carry an idempotency key.</summary>
internal sealed class WriteOperations : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.RequestBody is not null)
        {
            ProblemResponses.Add(operation, StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        }

        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IdempotentMetadata>().Any())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = IdempotentWrites.Header,
                In = ParameterLocation.Header,
                Description = "1 to 255 visible ASCII characters, kept for 24 hours: the same key and request again gets the first answer and writes nothing. Bodies of a known length of at most 32 MiB.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
            ProblemResponses.Add(operation, StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
        }
        else if (operation.Parameters is { Count: > 0 })
        {
            ProblemResponses.Add(operation, StatusCodes.Status400BadRequest);
        }
    }
}
