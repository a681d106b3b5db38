using System.Net;
using System.Net.Sockets;
using Marketplace.Gateway.Hosting.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Marketplace.Gateway.Hosting;

/// <summary>Where and how the gateway listens.</summary>
public static class Listening
{
    /// <summary>The largest body of anything but a stream of lines, in bytes.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>The longest query that is taken, 10,000 characters, with each of them as nine bytes (%E2%82%AC), and what stands beside it.</summary>
    private const int MaxLineBytes = 96 * 1024;

    /// <summary>The whole stop takes at most 10 s; this leaves the event log some to close in.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    public static WebApplicationBuilder AddListening(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<ServerStop>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.MaxRequestLineSize = MaxLineBytes;
        });
        if (!IsConfigured(builder.Configuration))
        {
            builder.WebHost.UseUrls(GatewaySettings.DefaultUrl);
        }

        foreach (var address in Addresses(builder.Configuration).DefaultIfEmpty(GatewaySettings.DefaultUrl))
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

    /// <summary>Refuses what the server would only stumble over when everything else runs already.</summary>
    private static void Check(string address)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            throw Refused(address, $"is no address: it has to be such as {GatewaySettings.DefaultUrl}");
        }

        if (!binding.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) && !binding.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(address, "has to begin with http:// or https://");
        }

        if (binding.PathBase.Length > 0)
        {
            throw Refused(address, $"has to end after the port, such as {GatewaySettings.DefaultUrl}");
        }

        if (!binding.IsUnixPipe && !binding.IsNamedPipe)
        {
            CheckIsFree(address, binding);
        }
    }

    private static void CheckIsFree(string address, BindingAddress binding)
    {
        var isLocalhost = binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        if (isLocalhost && binding.Port == 0)
        {
            throw Refused(address, "has to name a port, or an address instead of localhost, such as http://127.0.0.1:0");
        }

        try
        {
            // A host that is no address stands for every address of the machine.
            var ip = isLocalhost ? IPAddress.Loopback : IPAddress.TryParse(binding.Host, out var parsed) ? parsed : IPAddress.Any;

            // Bound only: who listened here for a moment would take the connection of a client that waits for the gateway, and drop it.
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, binding.Port));
        }
        catch (SocketException e)
        {
            throw Refused(address, e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is in use by another process: choose a free port",
                SocketError.AccessDenied => "may not be listened on by this user: choose a port above 1023",
                SocketError.AddressNotAvailable => "is no address of this machine",
                _ => $"cannot be listened on ({e.Message})",
            });
        }
    }

    private static StartRefusedException Refused(string address, string reason) => new($"The setting 'Urls' holds '{address}', which {reason}.");
}
