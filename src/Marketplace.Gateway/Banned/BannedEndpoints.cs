using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.OpenApi;
using Marketplace.Gateway.Topics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Marketplace.Gateway.Banned;

/// <summary>The moderators' border: bans by product id.</summary>
public static class BannedEndpoints
{
    private const int DefaultPage = 100;
    private const int MaxPage = 10_000;

    private static readonly BodyExample BanForGood = new("for good", """{"reason":"отозван производителем"}""");
    private static readonly BodyExample BanUntil = new("until", """{"reason":"проверка сертификата","expires_at":"2099-12-31T21:00:00Z"}""");

    public static void MapBanned(this IEndpointRouteBuilder routes)
    {
        var banned = routes.MapGroup("/banned").WithTags("banned").RequireRole(Role.Admin);
        banned.MapGet("", List).WithName("listBans").WithSummary("The bans in force, by product id.").ProducesProblem(StatusCodes.Status400BadRequest);
        banned.MapGet("/{id}", Get).WithMetadata(ProductExamples.Id).WithName("getBan").WithSummary("The ban of a product.").ProducesProblem(StatusCodes.Status404NotFound);
        banned.MapPut("/{id}", (Delegate)PutAsync).WithMetadata(ProductExamples.Id, BanForGood, BanUntil).WithName("putBan").WithSummary("Bans a product, also one that is on sale; with expires_at, until then.")
            .Accepts<BanRequest>(isOptional: true, "application/json")
            .Produces<BanAnswer>(StatusCodes.Status201Created).Produces<BanAnswer>().WithMetadata(IdempotentMetadata.Instance);
        banned.MapDelete("/{id}", (Delegate)DeleteAsync).WithMetadata(ProductExamples.Id).WithName("deleteBan").WithSummary("Lifts a ban; the product's latest version is on sale again.")
            .Produces(StatusCodes.Status204NoContent).WithMetadata(IdempotentMetadata.Instance);
    }

    private static BanPage List(BanDesk desk, [Range(1, MaxPage)] int limit = DefaultPage, [Range(0, int.MaxValue)] int offset = 0)
    {
        var all = desk.All();
        return new BanPage(all.Count, [.. all.Skip(offset).Take(limit).Select(BanAnswer.Of)]);
    }

    private static Ok<BanAnswer> Get(PathId id, BanDesk desk) =>
        desk.Find(id.Utf8) is { } ban
            ? TypedResults.Ok(BanAnswer.Of(ban))
            : throw new ProblemException(StatusCodes.Status404NotFound, "This product is not banned.");

    private static async Task PutAsync(
        PathId id, HttpContext context, BanDesk desk, IdempotentWrites idempotent, IEventLog log, IOptions<JsonOptions> json, TimeProvider time)
    {
        id.CheckIsProduct();
        using var body = await RequestBody.ReadAsync(context.Request);
        var ban = BanRequest.Read(body.Memory, time.GetUtcNow());
        var answer = BanAnswer.Of(BanRecord.Of(id.ToString(), ban.Reason, ban.ExpiresAt));
        var sent = await WriteAsync(
            context, body.Memory, idempotent, log, (write, stop) => desk.BanAsync(id.Utf8, ban, write, stop),
            isNew => Answer.Of(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, writer => JsonSerializer.Serialize(writer, answer, json.Value.SerializerOptions)));
        if (sent.Status == StatusCodes.Status201Created)
        {
            context.Response.Headers.Location = $"/banned/{Uri.EscapeDataString(answer.ProductId)}";
        }

        await sent.WriteAsync(context.Response);
    }

    private static async Task DeleteAsync(PathId id, HttpContext context, BanDesk desk, IdempotentWrites idempotent, IEventLog log)
    {
        id.CheckIsProduct();
        var sent = await WriteAsync(context, default, idempotent, log, (write, stop) => desk.UnbanAsync(id.Utf8, write, stop), _ => Answer.NoContent);
        await sent.WriteAsync(context.Response);
    }

    /// <summary>Writes a change of the list, under the request's key when it has one; a key seen before gets its first answer and writes nothing.</summary>
    private static async Task<Answer> WriteAsync(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        IdempotentWrites idempotent,
        IEventLog log,
        Func<Func<LogRecord, bool, Task<RecordPosition?>>, CancellationToken, Task> change,
        Func<bool, Answer> answer)
    {
        Answer? sent = null;
        await change(WriteRecordAsync, context.RequestAborted);
        return sent!;

        async Task<RecordPosition?> WriteRecordAsync(LogRecord record, bool isNew)
        {
            if (!idempotent.IsAsked(context))
            {
                sent = answer(isNew);
                return await log.AppendAsync(TopicNames.BannedProducts, record, CancellationToken.None);
            }

            RecordPosition? at = null;
            sent = await idempotent.AnswerAsync(context, body, TopicNames.BannedProducts, new[] { record }, positions =>
            {
                at = positions[0];
                return answer(isNew);
            });
            return at;
        }
    }
}

public sealed record BanAnswer(string ProductId, string? Reason, DateTimeOffset? ExpiresAt)
{
    internal static BanAnswer Of(Ban ban) =>
        new(ban.Name, ban.Reason, ban.ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null);
}

/// <param name="Total">All bans in force, of which the items are one page.</param>
public sealed record BanPage(int Total, IReadOnlyList<BanAnswer> Items);
