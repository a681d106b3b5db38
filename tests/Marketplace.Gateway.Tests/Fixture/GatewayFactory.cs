using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>The gateway's own Program, with settings and a clock of the test's.</summary>
internal sealed class GatewayFactory(IReadOnlyList<string> settings, FakeTimeProvider? time, Action<IServiceCollection>? more) : WebApplicationFactory<Program>
{
    public GatewayLog Log { get; } = new();

    /// <param name="address">Where a real server listens; null: in memory.</param>
    public HttpClient NewClient(Uri? address)
    {
        var document = new DocumentedAnswers(string.Join(' ', settings.Where(s => s.EndsWith("Enabled=false", StringComparison.Ordinal))), Log);
        if (address is null)
        {
            return CreateDefaultClient(document);
        }

        document.InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false };
        return new HttpClient(document) { BaseAddress = address };
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var setting in settings)
        {
            var split = setting.IndexOf('=');
            builder.UseSetting(setting[..split], setting[(split + 1)..]);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<IStartupFilter, NamedRoutes>();
            if (time is not null)
            {
                services.AddSingleton<TimeProvider>(time);
            }

            more?.Invoke(services);
        });
    }

    /// <summary>Tells the client which route answered; and gives the in-memory server the request line that it lacks.</summary>
    private sealed class NamedRoutes : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static (HttpContext context, RequestDelegate rest) =>
            {
                var request = context.Features.Get<IHttpRequestFeature>()!;
                if (request.RawTarget.Length == 0)
                {
                    request.RawTarget = context.Request.Headers[DocumentedAnswers.TargetHeader].ToString();
                }

                context.Response.OnStarting(() =>
                {
                    if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
                    {
                        context.Response.Headers[DocumentedAnswers.RouteHeader] = route;
                    }

                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };
    }
}
