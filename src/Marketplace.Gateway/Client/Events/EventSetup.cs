using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Settings;

namespace Marketplace.Gateway.Client.Events;

public static class EventSetup
{
    private const string IdFolder = "event-ids";

    /// <summary>Taking events in, and handing them to the models.</summary>
    public static WebApplicationBuilder AddClientEvents(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var services = builder.Services;
        services.AddSingleton<EventAdmission>();
        services.AddSingleton<ClientEventRecords>();
        services.AddSingleton<UnreadableEvents>();
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<EventFeed>(s, Path.Combine(settings.DataPath, IdFolder)));
        services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<EventFeed>());
        services.AddHostedService(s => s.GetRequiredService<EventFeed>());
        return builder;
    }
}
