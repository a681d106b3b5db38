using System.Text.Json;
using System.Text.Encodings.Web;

namespace Marketplace.Gateway.Hosting.Problems;

/// <summary>One shape of error and one style of names for everything that goes over HTTP.</summary>
public static class ProblemSetup
{
    public static WebApplicationBuilder AddProblems(this WebApplicationBuilder builder)
    {
        // A parameter that cannot be read is thrown and named by ProblemMiddleware, in every environment.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.DictionaryKeyPolicy = null;
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        return builder;
    }

    public static void UseProblems(this WebApplication app) => app.UseMiddleware<ProblemMiddleware>();
}
