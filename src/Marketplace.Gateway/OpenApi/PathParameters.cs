using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Describes the ids in paths, which are bound from the request line and so are not seen by the API explorer.</summary>
internal sealed partial class PathParameters : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (Match segment in Segment().Matches(context.ApiDescription.RelativePath ?? ""))
        {
            var name = segment.Groups[1].Value;
            if (operation.Parameters?.Any(p => p.Name == name) != true)
            {
                (operation.Parameters ??= []).Insert(0, new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = "Percent-encoded, a slash as %2F.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
                ProblemResponses.Add(operation, StatusCodes.Status400BadRequest);
            }
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Segment();
}
