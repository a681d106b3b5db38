using System.Globalization;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Idempotency;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Gives every error its shape and its words, and every operation the error that nobody foresaw.</summary>
internal sealed class ProblemResponses : IOperationFilter
{
    private const int FirstError = 400;

    /// <summary>Of a response that other filters have described already, only the words are seen to.</summary>
    public static void Add(OpenApiOperation operation, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            (operation.Responses ??= []).TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse());
        }
    }

    public static Dictionary<string, OpenApiMediaType> Content(OperationFilterContext context, Type shape) => new()
    {
        [Problem.ContentType] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(shape, context.SchemaRepository) },
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var isIdempotent = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IdempotentMetadata>().Any();
        (operation.Responses ??= []).TryAdd("default", new OpenApiResponse());
        foreach (var (key, response) in operation.Responses)
        {
            if (response is not OpenApiResponse described || (int.TryParse(key, CultureInfo.InvariantCulture, out var status) && status < FirstError))
            {
                continue;
            }

            described.Description = Words(status, isIdempotent);
            if (described.Content is not { Count: > 0 } content || IsFrameworks(content.Values.First().Schema))
            {
                described.Content = Content(context, typeof(ProblemAnswer));
            }
        }
    }

    private static bool IsFrameworks(IOpenApiSchema? schema) => schema is OpenApiSchemaReference { Reference.Id: DocumentOrder.FrameworkProblem };

    private static string Words(int status, bool isIdempotent) => status switch
    {
        400 => "The request is not valid; `errors` names the fields.",
        401 => "No API key, or one that is not known.",
        403 => "The key does not have the role.",
        404 => "There is none.",
        409 when isIdempotent => "The first request with this Idempotency-Key is under way.",
        409 => "What it is asked of is not in a state for this; `detail` says why.",
        413 => "The body is too large.",
        415 => "The body is of a media type that is not taken here.",
        422 => "The Idempotency-Key was used for another request.",
        503 => "Not ready, or the event log cannot be used now; Retry-After says when to try again.",
        _ => "Any other failure.",
    };
}
