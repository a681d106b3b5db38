using Marketplace.Gateway.Hosting.Health;

namespace Marketplace.Gateway.Banned;

public static class BannedSetup
{
    public static WebApplicationBuilder AddBanned(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<BanMetrics>();
        builder.Services.AddSingleton<BanListFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<BanListFeed>());
        builder.Services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<BanListFeed>());
        builder.Services.AddSingleton<BanDesk>();
        builder.Services.AddSingleton<BanGuard>();
        return builder;
    }
}
