using System.Text.Json;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.OpenApi;

namespace Marketplace.Gateway.Hosting.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: every part says it is ready, with its reason.</summary>
public static class HealthEndpoints
{
    /// <summary>Load balancers and monitors ask by HEAD too.</summary>
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("health");
        health.MapMethods("/live", Methods, (Delegate)LiveAsync).WithSummary("The process answers.").Produces<HealthAnswer>();
        health.MapMethods("/ready", Methods, (Delegate)ReadyAsync).WithSummary("Every part has caught up; the body says how each one stands.")
            .Produces<ReadyAnswer>().Produces<NotReadyProblem>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType);
    }

    private static Task LiveAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"status":"live"}""", context.RequestAborted);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var parts = context.RequestServices.GetServices<IReadinessPart>().Select(part => (part.Name, part.Readiness)).ToArray();
        if (!parts.All(part => part.Readiness.IsReady))
        {
            var waiting = string.Join(", ", parts.Where(part => !part.Readiness.IsReady).Select(part => part.Name));
            await new Problem(StatusCodes.Status503ServiceUnavailable, $"Not ready yet: {waiting}.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
                Extensions = writer => WriteParts(writer, parts),
            }.WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, Problem.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("status", "ready");
        WriteParts(writer, parts);
        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, (string Name, Readiness Readiness)[] parts)
    {
        writer.WriteStartArray("parts");
        foreach (var (name, readiness) in parts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteBoolean("ready", readiness.IsReady);
            writer.WriteString("reason", readiness.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>The answer of <c>/health/live</c>.</summary>
public sealed record HealthAnswer(string Status);

/// <summary>The answer of <c>/health/ready</c>.</summary>
public sealed record ReadyAnswer(string Status, IReadOnlyList<PartAnswer> Parts);

public sealed record PartAnswer(string Name, bool Ready, string Reason);
