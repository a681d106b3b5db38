using Marketplace.Gateway.Hosting.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Marketplace.Gateway.Hosting;

/// <summary>Where and how the gateway listens.</summary>
public static class Listening
{
    /// <summary>The largest body of anything but a stream of lines, in bytes.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>The whole stop takes at most 10 s; this leaves the event log some to close in.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    public static WebApplicationBuilder AddListening(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        if (!IsConfigured(builder.Configuration))
        {
            builder.WebHost.UseUrls(GatewaySettings.DefaultUrl);
        }

        foreach (var address in Addresses(builder.Configuration))
        {
            Check(address);
        }

        return builder;
    }

    /// <summary>The addresses of the settings, in the order in which ASP.NET Core prefers them.</summary>
    internal static IEnumerable<string> Addresses(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToArray();
        if (endpoints.Length > 0)
        {
            return endpoints;
        }

        return Split(configuration[WebHostDefaults.ServerUrlsKey]) is { Length: > 0 } urls
            ? urls
            : [.. Ports(configuration, WebHostDefaults.HttpPortsKey, "http"), .. Ports(configuration, WebHostDefaults.HttpsPortsKey, "https")];
    }

    private static bool IsConfigured(IConfiguration configuration) => Addresses(configuration).Any();

    private static IEnumerable<string> Ports(IConfiguration configuration, string key, string scheme) =>
        Split(configuration[key]).Select(port => $"{scheme}://*:{port}");

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static void Check(string address)
    {
        try
        {
            BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            throw new StartRefusedException($"The setting 'Urls' holds '{address}', which is no address: it has to be such as {GatewaySettings.DefaultUrl}.");
        }
    }
}
