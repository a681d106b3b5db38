using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Puts everything in an order of its own, so that the document changes only where the gateway does.</summary>
internal sealed class DocumentOrder : IDocumentFilter
{
    /// <summary>The framework's shape of errors, in whose place stands ours.</summary>
    public const string FrameworkProblem = "ProblemDetails";

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Components?.Schemas?.Remove(FrameworkProblem);
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            paths.Add(path, item);
            foreach (var operation in item.Operations?.Values.AsEnumerable() ?? [])
            {
                operation.Responses = Sorted(operation.Responses ?? []);
            }
        }

        document.Paths = paths;
    }

    private static OpenApiResponses Sorted(OpenApiResponses responses)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            sorted.Add(status, response);
        }

        return sorted;
    }
}
