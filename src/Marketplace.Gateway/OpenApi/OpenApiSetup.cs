namespace Marketplace.Gateway.OpenApi;

/// <summary>The OpenAPI document and its page.</summary>
public static class OpenApiSetup
{
    private const string DocumentRoute = "/openapi/{documentName}.json";

    public static WebApplicationBuilder AddOpenApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen();
        return builder;
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapSwagger(DocumentRoute);
        app.UseSwaggerUI(options => options.SwaggerEndpoint("/openapi/v1.json", "Marketplace.Gateway"));
        app.MapGet("/", () => Results.Redirect("/swagger")).ExcludeFromDescription();
    }
}
