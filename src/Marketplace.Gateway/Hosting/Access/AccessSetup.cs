using System.Net;
using Marketplace.Gateway.Hosting.Settings;

namespace Marketplace.Gateway.Hosting.Access;

/// <summary>Who may do what: API keys with roles, or loopback only.</summary>
public static partial class AccessSetup
{
    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        if (settings.ApiKeys.Count == 0 && Listening.Addresses(builder.Configuration).FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            throw new StartRefusedException(
                $"The gateway would listen on '{open}' without API keys. Set 'Auth:ApiKeys:0:Key' and 'Auth:ApiKeys:0:Roles', or let 'Urls' be loopback only, such as {GatewaySettings.DefaultUrl}.");
        }

        builder.Services.AddSingleton(new ApiKeyRing(settings.ApiKeys));
        return builder;
    }

    public static void UseAccess(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ApiKeyRing>().IsEmpty)
        {
            Log.NoKeys(app.Logger);
        }

        app.UseMiddleware<AccessMiddleware>();
    }

    private static bool IsLoopback(string address)
    {
        var binding = BindingAddress.Parse(address);
        return binding.IsUnixPipe || binding.IsNamedPipe
            || binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(binding.Host, out var ip) && IPAddress.IsLoopback(ip));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "There are no API keys (Auth:ApiKeys): everybody on this machine may do everything.")]
        public static partial void NoKeys(ILogger logger);
    }
}
