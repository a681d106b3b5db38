using System.Diagnostics.Metrics;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;
using Marketplace.Recommendations.Evaluation;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Marketplace.Gateway.ReadModels;

public static class ReadModelSetup
{
    private const string SourceFolder = "search";

    /// <summary>A purchase this long after a list was shown is judged by it.</summary>
    private static readonly TimeSpan LiveWindow = TimeSpan.FromHours(24);

    public static WebApplicationBuilder AddReadModels(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var services = builder.Services;
        if (settings.SearchEnabled)
        {
            services.AddSingleton(s => SearchedQueries.Open(
                settings.SnapshotPath, s.GetRequiredService<ModelPositions>(), s.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IFeedReader<QueryBatch>>(s => s.GetRequiredService<SearchedQueries>());
            services.AddSingleton<ISnapshotted>(s => s.GetRequiredService<SearchedQueries>());
            services.AddSingleton(s => OpenSearch(s, settings));
            services.AddReadModel<SearchModel>();
            services.AddSingleton(s => new HeldSnapshots(settings.Paging, s.GetRequiredService<TimeProvider>()));
            services.AddSingleton<Client.SearchMetrics>();
            services.AddSingleton<ISnapshotted>(s => s.GetRequiredService<SearchModel>());
        }

        if (settings.RecommendationsEnabled)
        {
            services.AddSingleton<SearchPopularity>();
            services.AddSingleton(s => new LiveEvaluation(LiveWindow, meters: s.GetService<IMeterFactory>()));
            services.AddSingleton(s => RecommendationsModel.Open(
                settings.SnapshotPath,
                settings.Recommendations,
                s.GetRequiredService<ModelPositions>(),
                s.GetRequiredService<LiveEvaluation>(),
                s.GetRequiredService<SearchPopularity>(),
                s.GetRequiredService<TimeProvider>()));
            services.AddReadModel<RecommendationsModel>();
            services.AddSingleton<IFeedReader<EventBatch>>(s => s.GetRequiredService<RecommendationsModel>());
            services.AddSingleton<ISnapshotted>(s => s.GetRequiredService<RecommendationsModel>());
        }

        services.AddHostedService<SnapshotService>();
        services.AddSingleton(s => new CatalogFeed(
            s.GetRequiredService<TopicReading>(),
            s.GetServices<IReadModel>(),
            s.GetRequiredService<TopicSettings>(),
            s.GetRequiredService<ILogger<CatalogFeed>>(),
            s.GetService<FilterService>(),
            s.GetService<ConsumerLag>()));
        services.AddHostedService(s => s.GetRequiredService<CatalogFeed>());
        return builder;
    }

    private static SearchModel OpenSearch(IServiceProvider services, GatewaySettings settings)
    {
        // What is popular has to be known before products are read, so the recommendations come first.
        _ = services.GetService<RecommendationsModel>();
        var popularity = services.GetService<SearchPopularity>();
        var model = SearchModel.Open(
            settings.Search with
            {
                SourceFolder = Path.Combine(settings.DataPath, SourceFolder),
                Popularity = popularity,
                Queries = services.GetRequiredService<SearchedQueries>().Queries,
            },
            services.GetRequiredService<ModelPositions>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SearchModel>>());
        model.Freshness = services.GetService<FreshnessMetrics>();
        popularity?.Serve(model.Index);
        return model;
    }

    internal static void AddReadModel<TModel>(this IServiceCollection services)
        where TModel : class, IReadModel
    {
        services.TryAddSingleton<TModel>();
        services.AddSingleton<IReadModel>(s => s.GetRequiredService<TModel>());
        services.AddSingleton<ReadModelReadiness<TModel>>();
        services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<ReadModelReadiness<TModel>>());
    }
}
