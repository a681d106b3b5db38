using Marketplace.EventLog;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.Ingestion;
using Marketplace.Gateway.OpenApi;
using Marketplace.Gateway.Topics;
using Marketplace.Products.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Marketplace.Gateway.Shop;

/// <summary>The shops' border.</summary>
public static class ShopEndpoints
{
    private static readonly IngestionMetadata Ingestion = new(
        typeof(Client.ProductAnswer),
        typeof(ReceiptAnswer),
        typeof(IngestionAnswer),
        typeof(IngestionProblem),
        "A product has at most 1 MiB, an array 10,000 products, a JSON body 32 MiB; a stream of lines (a product a line) has no end.");

    public static WebApplicationBuilder AddShop(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProductRecords>();
        builder.Services.AddSingleton<IngestionMetrics>();
        builder.Services.AddSingleton(s => new JourneyReader(
            s.GetRequiredService<IEventLog>(),
            s.GetService<Filter.JourneyDesk>(),
            s.GetRequiredService<TopicSettings>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetService<ReadModels.SearchModel>(),
            s.GetService<Mirror.MirrorService>()));
        return builder;
    }

    public static void MapShop(this IEndpointRouteBuilder routes)
    {
        var products = routes.MapGroup("/shop/products").WithTags("shop").RequireRole(Role.Shop);
        var ingestion = ActivatorUtilities.CreateInstance<RecordIngestion>(routes.ServiceProvider, routes.ServiceProvider.GetRequiredService<ProductRecords>());
        products.MapPost("", (RequestDelegate)ingestion.PostAsync)
            .WithName("sendProducts").WithSummary("Takes one product, an array of at most 10,000, or a stream of lines; an answer of 202 or 207 is durable.")
            .WithMetadata(Ingestion, IdempotentMetadata.Instance, ((Delegate)ingestion.PostAsync).Method)
            .WithMetadata(ProductExamples.One, ProductExamples.Full, ProductExamples.Array, ProductExamples.Lines);
        products.MapPost("/check", CheckAsync).WithName("checkProduct").WithSummary("What would happen to this product; nothing is written.")
            .Accepts<Client.ProductAnswer>("application/json").WithMetadata(ProductExamples.One, ProductExamples.Full);
        products.MapDelete("/{id}", (Delegate)WithdrawAsync).WithMetadata(ProductExamples.Id).WithName("withdrawProduct").WithSummary("Withdraws a product; no unban brings it back.")
            .Produces(StatusCodes.Status204NoContent).WithMetadata(IdempotentMetadata.Instance);
        products.MapGet("/{id}", GetJourneyAsync).WithMetadata(ProductExamples.Id).WithName("getJourney").WithSummary("The product's journey.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<CheckAnswer>> CheckAsync(HttpRequest request, BanDesk bans)
    {
        using var body = await RequestBody.ReadAsync(request);
        var check = ProductRules.Check(body.Memory);
        var ban = check.Id.IsEmpty ? null : bans.Find(check.Id.Span);
        return TypedResults.Ok(new CheckAnswer(
            check.Id.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(check.Id.Span),
            check.IsValid,
            check.Errors ?? new Dictionary<string, string[]>(),
            ban is null ? null : BanAnswer.Of(ban)));
    }

    private static async Task WithdrawAsync(PathId id, HttpContext context, IEventLog log, IdempotentWrites idempotent)
    {
        id.CheckIsProduct();
        var tombstone = LogRecord.Tombstone(id.Utf8);
        if (idempotent.IsAsked(context))
        {
            var answer = await idempotent.AnswerAsync(context, default, TopicNames.ShopProducts, new[] { tombstone }, _ => Answer.NoContent);
            await answer.WriteAsync(context.Response);
            return;
        }

        await log.AppendAsync(TopicNames.ShopProducts, tombstone, CancellationToken.None);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<Ok<Journey>> GetJourneyAsync(PathId id, JourneyReader journeys, CancellationToken cancellationToken) =>
        await journeys.ReadAsync(id.Utf8, cancellationToken) is { } journey
            ? TypedResults.Ok(journey)
            : throw new ProblemException(StatusCodes.Status404NotFound, "No such product was ever accepted, or it is long withdrawn.");
}
