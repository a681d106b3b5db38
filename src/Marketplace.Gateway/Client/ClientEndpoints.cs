using System.ComponentModel.DataAnnotations;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.Ingestion;
using Marketplace.Gateway.OpenApi;
using Marketplace.Gateway.ReadModels;
using Marketplace.Search;

namespace Marketplace.Gateway.Client;

/// <summary>The clients' border: search, products, recommendations.</summary>
public static class ClientEndpoints
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;
    private const int MaxTyped = 200;

    private static readonly IngestionMetadata Events = new(
        typeof(EventBody),
        typeof(EventReceiptAnswer),
        typeof(EventIngestionAnswer),
        typeof(EventIngestionProblem),
        "An event has at most 64 KiB, an array 10,000 events, a JSON body 32 MiB; a stream of lines (an event a line) has no end.");

    public static void MapClient(this IEndpointRouteBuilder routes)
    {
        var client = routes.MapGroup("/client").WithTags("client").RequireRole(Role.Client)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        var events = ActivatorUtilities.CreateInstance<RecordIngestion>(routes.ServiceProvider, routes.ServiceProvider.GetRequiredService<ClientEventRecords>());
        client.MapPost("/events", (RequestDelegate)events.PostAsync)
            .WithName("sendEvents").WithSummary("Takes what clients did: one event, an array of at most 10,000, or a stream of lines. An answer of 202 or 207 is durable; the same event_id counts once.")
            .WithMetadata(Events, IdempotentMetadata.Instance, ((Delegate)events.PostAsync).Method)
            .WithMetadata(EventExamples.One, EventExamples.Array, EventExamples.Lines);
        if (routes.ServiceProvider.GetService<SearchModel>() is not null)
        {
            client.MapGet("/search", Search).WithName("searchProducts").WithSummary("Finds what is on sale.").WithMetadata(new ParameterExample("q", "умные часы")).Produces<SearchPage>();
            client.MapGet("/suggest", Suggest).WithName("suggest").WithSummary("Completions as one types.").WithMetadata(new ParameterExample("q", "умн")).Produces<SuggestPage>();
            client.MapGet("/products/{id}", GetProduct).WithName("getProduct").WithSummary("A product as it is sold.").WithMetadata(ProductExamples.Id).Produces<ProductAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        }

        if (routes.ServiceProvider.GetService<RecommendationsModel>() is not null)
        {
            client.MapGet("/products/{id}/similar", GetSimilar).WithName("getSimilarProducts").WithSummary("Products like this one.").WithMetadata(ProductExamples.Id).Produces<SimilarPage>().ProducesProblem(StatusCodes.Status404NotFound);
            client.MapGet("/recommendations/{user_id}", Recommend).WithName("getRecommendations").WithSummary("What this client may like.").WithMetadata(new ParameterExample("user_id", "user123")).Produces<RecommendationPage>();
        }
    }

    private static IResult Search([AsParameters] SearchRequest request, ReadModelReadiness<SearchModel> search, HeldSnapshots held, BanGuard bans, QueryLog queries, SearchMetrics metrics, TimeProvider time, HttpContext context)
    {
        var query = request.ToQuery();
        var started = time.GetTimestamp();
        var snapshot = held.Find(request.Snapshot, newest: search.Ready.Snapshot);
        var found = snapshot.Search(query, context.RequestAborted);
        if (found.Total > (long)query.Offset + found.Hits.Count)
        {
            held.Hold(snapshot);
        }

        var newest = search.Ready.Snapshot;
        var hits = ReferenceEquals(snapshot, newest) ? found.Hits : StillOnSale(found.Hits, newest);
        var result = found.Showing(bans.Shown(hits, static hit => hit.ProductId), query.Offset);
        var took = time.GetElapsedTime(started);
        metrics.Searched(took, result.Total);
        var id = queries.Note(query, request.UserId, result);
        return new Json<(Guid, SearchQuery, SearchResult, SnapshotToken, TimeSpan)>((id, query, result, held.TokenOf(snapshot), took), SearchAnswer.Write);
    }

    /// <summary>The hits of an older snapshot that the newest one still has; the same list where that is all of them.</summary>
    private static IReadOnlyList<SearchHit> StillOnSale(IReadOnlyList<SearchHit> hits, SearchSnapshot newest) =>
        hits.All(hit => newest.Contains(hit.ProductId)) ? hits : [.. hits.Where(hit => newest.Contains(hit.ProductId))];

    private static IResult Suggest(ReadModelReadiness<SearchModel> search, BanGuard bans, HttpContext context, string q = "", [Range(1, MaxLimit)] int limit = DefaultLimit)
    {
        var typed = q.Length <= MaxTyped ? q : q[..MaxTyped];
        var suggestions = bans.Shown(search.Ready.Snapshot.Suggest(typed, limit, context.RequestAborted), static item => item.ProductId);
        return new Json<(string, IReadOnlyList<Suggestion>)>((q, suggestions), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteString("query"u8, answer.Item1);
            writer.WriteStartArray("items"u8);
            foreach (var item in answer.Item2)
            {
                writer.WriteStartObject();
                writer.WriteString("text"u8, item.Text);
                writer.WriteString("kind"u8, item.Kind);
                writer.WriteString("product_id"u8, item.ProductId);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static IResult GetProduct(PathId id, ReadModelReadiness<SearchModel> search, BanGuard bans) =>
        search.Ready.Snapshot.TryGet(id.ToString(), out var product) && !bans.Hides(id.ToString())
            ? new Json<ReadOnlyMemory<byte>>(product.Source, static (writer, source) => writer.WriteRawValue(source.Span, skipInputValidation: true))
            : throw NotOnSale();

    private static IResult GetSimilar(PathId id, ReadModelReadiness<RecommendationsModel> recommendations, BanGuard bans, HttpContext context, [Range(1, MaxLimit)] int limit = DefaultLimit)
    {
        var product = id.ToString();
        var model = recommendations.Ready.Model;

        // The two read models follow the log side by side: what one sells already, the other may still be about to learn.
        return (model.IsOnSale(product) || Products(context)?.TryGet(product, out _) == true) && !bans.Hides(product)
            ? new Json<RecommendationAnswer>(
                RecommendationAnswer.Of(product, bans.Shown(model.Similar(product, limit), static item => item.ProductId), Products(context)), static (writer, answer) => answer.Write(writer, "product_id"u8))
            : throw NotOnSale();
    }

    private static IResult Recommend(PathId user_id, ReadModelReadiness<RecommendationsModel> recommendations, BanGuard bans, TimeProvider time, HttpContext context, [Range(1, MaxLimit)] int limit = DefaultLimit)
    {
        var user = user_id.ToString();
        var now = time.GetUtcNow();
        var model = recommendations.Ready;
        var answer = RecommendationAnswer.Of(user, bans.Shown(model.Model.Recommend(user, limit, now), static item => item.ProductId), Products(context));
        model.Live.Shown(user, [.. answer.Items.Select(item => item.Item)], now);
        return new Json<RecommendationAnswer>(
            answer,
            static (writer, answer) => answer.Write(writer, "user_id"u8));
    }

    private static SearchSnapshot? Products(HttpContext context) => context.RequestServices.GetService<SearchModel>()?.Snapshot;

    private static ProblemException NotOnSale() => new(StatusCodes.Status404NotFound, "There is no such product on sale.");
}
