using System.Globalization;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Products.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Marketplace.Gateway.Banned;

/// <summary>The moderators' border: bans by product id.</summary>
public static class BannedEndpoints
{
    private const int DefaultPage = 100;
    private const int MaxPage = 10_000;

    public static void MapBanned(this IEndpointRouteBuilder routes)
    {
        var banned = routes.MapGroup("/banned").WithTags("banned").RequireRole(Role.Admin);
        banned.MapGet("/", List).WithSummary("The bans in force, by product id.").ProducesProblem(StatusCodes.Status400BadRequest);
        banned.MapGet("/{id}", Get).WithSummary("The ban of a product.").ProducesProblem(StatusCodes.Status404NotFound);
        banned.MapPut("/{id}", PutAsync).WithSummary("Bans a product, also one that is on sale; with expires_at, until then.")
            .Accepts<BanRequest>(isOptional: true, "application/json").ProducesProblem(StatusCodes.Status400BadRequest);
        banned.MapDelete("/{id}", DeleteAsync).WithSummary("Lifts a ban; the product's latest version is on sale again.");
    }

    private static BanPage List(BanDesk desk, int limit = DefaultPage, int offset = 0)
    {
        if (limit is < 1 or > MaxPage)
        {
            throw Refused("limit", $"must be 1 to {MaxPage}");
        }

        if (offset < 0)
        {
            throw Refused("offset", "must not be negative");
        }

        var all = desk.All();
        return new BanPage(all.Count, [.. all.Skip(offset).Take(limit).Select(BanAnswer.Of)]);
    }

    private static Ok<BanAnswer> Get(PathId id, BanDesk desk) =>
        desk.Find(id.Utf8) is { } ban
            ? TypedResults.Ok(BanAnswer.Of(ban))
            : throw new ProblemException(StatusCodes.Status404NotFound, "This product is not banned.");

    private static async Task<Results<Created<BanAnswer>, Ok<BanAnswer>>> PutAsync(
        PathId id, HttpRequest request, BanDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!ProductId.IsValid(id.Utf8))
        {
            throw Refused("product_id", ProductId.Rule);
        }

        BanRequest ban;
        using (var body = await RequestBody.ReadAsync(request))
        {
            ban = BanRequest.Read(body.Memory, time.GetUtcNow());
        }

        var isNew = await desk.BanAsync(id.Utf8, ban, cancellationToken);
        var answer = new BanAnswer(id.ToString(), ban.Reason, ban.ExpiresAt);
        return isNew
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/banned/{Uri.EscapeDataString(answer.ProductId)}"), answer)
            : TypedResults.Ok(answer);
    }

    private static async Task<NoContent> DeleteAsync(PathId id, BanDesk desk, CancellationToken cancellationToken)
    {
        await desk.UnbanAsync(id.Utf8, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ProblemException Refused(string field, string error) =>
        new(new Problem(StatusCodes.Status400BadRequest, "The request is not valid.") { Errors = new Dictionary<string, string[]> { [field] = [error] } });
}

public sealed record BanAnswer(string ProductId, string? Reason, DateTimeOffset? ExpiresAt)
{
    internal static BanAnswer Of(Ban ban) =>
        new(ban.Name, ban.Reason, ban.ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null);
}

/// <param name="Total">All bans in force, of which the items are one page.</param>
public sealed record BanPage(int Total, IReadOnlyList<BanAnswer> Items);
