using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.Topics;
using Marketplace.Recommendations;
using Marketplace.Search;

namespace Marketplace.Gateway.ReadModels;

public static class ReadModelSetup
{
    private const string SourceFolder = "search";

    public static WebApplicationBuilder AddReadModels(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var services = builder.Services;
        if (settings.SearchEnabled)
        {
            services.AddSingleton(s => new SearchIndex(
                new SearchIndexOptions { SourceFolder = Path.Combine(settings.DataPath, SourceFolder) }, s.GetRequiredService<TimeProvider>()));
            services.AddReadModel<SearchModel>();
        }

        if (settings.RecommendationsEnabled)
        {
            services.AddSingleton(_ => new RecommendationModel());
            services.AddReadModel<RecommendationsModel>();
        }

        services.AddSingleton(s => new CatalogFeed(
            s.GetRequiredService<IEventLog>(),
            s.GetServices<IReadModel>(),
            s.GetRequiredService<TopicSettings>(),
            s.GetRequiredService<ILogger<CatalogFeed>>(),
            s.GetService<FilterService>()));
        services.AddHostedService(s => s.GetRequiredService<CatalogFeed>());
        return builder;
    }

    private static void AddReadModel<TModel>(this IServiceCollection services)
        where TModel : class, IReadModel
    {
        services.AddSingleton<TModel>();
        services.AddSingleton<IReadModel>(s => s.GetRequiredService<TModel>());
        services.AddSingleton<ReadModelReadiness<TModel>>();
        services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<ReadModelReadiness<TModel>>());
    }
}
