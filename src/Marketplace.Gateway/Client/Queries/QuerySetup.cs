using Marketplace.Gateway.Hosting.Health;

namespace Marketplace.Gateway.Client.Queries;

public static class QuerySetup
{
    public static WebApplicationBuilder AddClientQueries(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<QueryLog>();
        builder.Services.AddHostedService(s => s.GetRequiredService<QueryLog>());
        builder.Services.AddSingleton<QueryFeed>();
        builder.Services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<QueryFeed>());
        builder.Services.AddHostedService(s => s.GetRequiredService<QueryFeed>());
        return builder;
    }
}
