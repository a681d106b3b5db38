using Marketplace.Prometheus;
using Marketplace.Prometheus.Exposition;
using Microsoft.Net.Http.Headers;

namespace Marketplace.Gateway.Telemetry;

/// <summary><c>/metrics</c>: what the process measures, in the form that the reader prefers.</summary>
internal static class MetricsEndpoint
{
    public static async Task GetAsync(HttpContext context, MetricRegistry registry)
    {
        var format = Negotiate(context.Request.Headers.Accept);
        context.Response.ContentType = format.ContentType();
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = HeaderNames.Accept;
        registry.Write(context.Response.BodyWriter, format);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>OpenMetrics where it is asked for and not ranked below plain text; else Prometheus's own, which every reader knows.</summary>
    internal static ExpositionFormat Negotiate(IList<string?>? accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept?.OfType<string>().ToList() ?? [], out var types))
        {
            return ExpositionFormat.PrometheusText;
        }

        var (open, plain) = (0d, 0d);
        foreach (var type in types)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals(ExpositionFormats.OpenMetricsType, StringComparison.OrdinalIgnoreCase))
            {
                open = IsVersion1(type) ? Math.Max(open, quality) : open;
            }
            else if (type.MatchesAllTypes || type.Type.Equals("text", StringComparison.OrdinalIgnoreCase))
            {
                plain = Math.Max(plain, quality);
            }
        }

        return open > 0 && open >= plain ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    private static bool IsVersion1(MediaTypeHeaderValue type)
    {
        var version = type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.Value;
        return version is not { HasValue: true } given || given.Value!.Trim('"').StartsWith("1.", StringComparison.Ordinal);
    }
}
