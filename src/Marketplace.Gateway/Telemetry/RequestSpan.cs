using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Names a request's span by its route and says how it was answered, as OpenTelemetry's conventions for HTTP have it.</summary>
internal static class RequestSpan
{
    public static Task DescribeAsync(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { Recorded: true } span ? DescribeAsync(span, context, next) : next(context);

    private static async Task DescribeAsync(Activity span, HttpContext context, RequestDelegate next)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("url.path", context.Request.Path.Value);
        try
        {
            await next(context);
        }
        finally
        {
            span.SetTag("http.response.status_code", context.Response.StatusCode);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}
