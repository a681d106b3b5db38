using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.OpenApi;
using Marketplace.Gateway.Topics;
using Marketplace.Mirror;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Marketplace.Gateway.Mirror;

/// <summary>The second copy: how far it is, whether it is right, and its taking over.</summary>
public static class MirrorEndpoints
{
    public static void MapMirror(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<MirrorService>() is null)
        {
            routes.Map("/mirror/{**rest}", IResult () => throw new ProblemException(StatusCodes.Status404NotFound, "No mirror runs in this gateway: it is switched off, or no target is named."))
                .RequireRole(Role.Admin).ExcludeFromDescription();
            return;
        }

        var mirror = routes.MapGroup("/mirror").WithTags("mirror").RequireRole(Role.Admin)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        mirror.MapGet("", Status).WithName("getMirror").WithSummary("How far each topic is copied, in records and seconds, and what has stopped and why.");
        mirror.MapPost("/verify", VerifyAsync).ProducesProblem(StatusCodes.Status404NotFound).AddEndpointFilter(OnlyQuery("topic"))
            .WithName("verifyMirror").WithSummary("Compares digests of both sides, partition by partition, up to what is copied now; names the first difference.");
        mirror.MapPost("/promote", PromoteAsync).WithMetadata(new ParameterExample("dry_run", true)).ProducesProblem(StatusCodes.Status409Conflict).AddEndpointFilter(OnlyQuery("dry_run", "force"))
            .WithName("promoteMirror").WithSummary("The target takes over: the mirror copies all there is and stops, groups' positions are final; answers with the settings to switch.");
        mirror.MapPost("/resume", ResumeAsync).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .AddEndpointFilter(OnlyQuery("topic", "partition", "from"))
            .WithMetadata(new ParameterExample("topic", TopicNames.ShopProducts), new ParameterExample("from", "position"))
            .WithName("resumeMirror").WithSummary("Lets the stopped partitions of a topic go on.");
    }

    private static Ok<MirrorAnswer> Status(MirrorService mirror) => TypedResults.Ok(MirrorAnswer.Of(mirror.Mirror.Status));

    private static async Task<Ok<MirrorVerificationAnswer>> VerifyAsync(
        MirrorService mirror, [FromQuery(Name = "topic"), Description("One or more; all unless given.")] string[]? topics, CancellationToken cancellationToken) =>
        TypedResults.Ok(MirrorVerificationAnswer.Of(await AskAsync(() => mirror.Mirror.VerifyAsync(topics is [] ? null : topics, null, cancellationToken))));

    private static async Task<Ok<PromotionAnswer>> PromoteAsync(
        MirrorService mirror,
        MirrorSettings settings,
        [FromQuery(Name = "dry_run"), Description("Say what would happen; nothing is changed.")] bool? isDryRun,
        [FromQuery(Name = "force"), Description("Also when something stands in the way: what is copied is what there is.")] bool? isForced,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(PromotionAnswer.Of(await AskAsync(() => mirror.Mirror.PromoteAsync(isDryRun ?? false, isForced ?? false, cancellationToken)), settings));

    private static async Task<Ok<ResumedAnswer>> ResumeAsync(
        MirrorService mirror,
        [FromQuery(Name = "topic")] string topic,
        [FromQuery(Name = "partition"), Description("All unless given."), Range(0, int.MaxValue)] int? partition,
        [FromQuery(Name = "from"), Description($"{ResumeFrom.Wanted}; where it was unless given, but not after the target has taken over.")] string? from,
        CancellationToken cancellationToken)
    {
        if (!ResumeFrom.TryParse(from, out var place))
        {
            throw ProblemException.OfField("from", $"must be {ResumeFrom.Wanted}");
        }

        var partitions = await AskAsync(() => mirror.Mirror.ResumeAsync(topic, partition, place, cancellationToken));
        return TypedResults.Ok(new ResumedAnswer(topic, [.. partitions.Select(MirrorPartitionAnswer.Of)]));
    }

    /// <summary>
    /// A command that moves the copy must not do something else than was meant because a word of it was not understood: no body, and
    /// no other parameter.
    /// </summary>
    private static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> OnlyQuery(params string[] names) => (context, next) =>
    {
        var request = context.HttpContext.Request;
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            throw ProblemException.OfField("$", $"takes no body; what it takes stands in the query: {string.Join(", ", names)}");
        }

        return request.Query.Keys.FirstOrDefault(key => !names.Contains(key)) is { } unknown
            ? throw ProblemException.OfField(unknown, $"is not known here; known are {string.Join(", ", names)}")
            : next(context);
    };

    /// <summary>What the mirror refuses is told in its own words.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (NotMirroredException e)
        {
            throw new ProblemException(StatusCodes.Status404NotFound, e.Message);
        }
        catch (MirrorException e)
        {
            throw new ProblemException(StatusCodes.Status409Conflict, e.Message);
        }
    }
}
