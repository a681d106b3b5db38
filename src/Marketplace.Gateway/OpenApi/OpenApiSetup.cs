using Marketplace.Gateway.Hosting.Access;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Marketplace.Gateway.OpenApi;

/// <summary>The OpenAPI document and its page.</summary>
public static class OpenApiSetup
{
    private const string DocumentName = "v1";
    private const string Title = "Marketplace.Gateway";

    public static WebApplicationBuilder AddOpenApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(Describe);
        return builder;
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapSwagger("/openapi/{documentName}.json");
        app.UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint($"/openapi/{DocumentName}.json", Title);
            options.DocumentTitle = Title;
        });
        app.MapGet("/", () => Results.Redirect("/swagger")).ExcludeFromDescription();
    }

    private static void Describe(SwaggerGenOptions options)
    {
        options.SwaggerDoc(DocumentName, new OpenApiInfo
        {
            Title = Title,
            Version = DocumentName,
            Description = "What shops sell and what clients search, live, and never a banned product. Every error is `application/problem+json` (RFC 9457).",
        });
        options.AddServer(new OpenApiServer { Url = "/" });
        options.AddSecurityDefinition(AccessOperations.Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = ApiKeyRing.Header,
            Description = "A key with the role that the operation names; `admin` may do everything. A gateway without keys asks for none.",
        });
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        options.UseAllOfToExtendReferenceSchemas();
        options.CustomSchemaIds(SchemaId);
        options.SchemaFilter<OpenObjects>();
        options.SchemaFilter<AllowedValues>();
        options.ParameterFilter<AllowedValues>();
        options.OperationFilter<IngestionOperation>();
        options.OperationFilter<PathParameters>();
        options.OperationFilter<AccessOperations>();
        options.OperationFilter<WriteOperations>();
        options.OperationFilter<Examples>();
        options.OperationFilter<ProblemResponses>();
        options.OperationFilter<ResponseHeaders>();
        options.DocumentFilter<NullableObjects>();
        options.DocumentFilter<DocumentOrder>();
    }

    /// <summary>A schema is called what it is of; that it answers is said by where it stands.</summary>
    private static string SchemaId(Type type) => type.Name.EndsWith("Answer", StringComparison.Ordinal) ? type.Name[..^"Answer".Length] : type.Name;
}
