using System.Text.Json;
using System.Text.Json.Serialization;

namespace Marketplace.Cli.Gateway;

// The shapes of the gateway's answers as far as a person is shown them; a program is given the gateway's own bytes.

internal sealed record IngestionAnswer(long Accepted, long Rejected, IReadOnlyList<ProductResult> Results);

/// <param name="Index">In the order sent, from 0.</param>
internal sealed record ProductResult(long Index, string? ProductId, string Status, int? Partition, long? Offset, Dictionary<string, string[]>? Errors)
{
    [JsonIgnore]
    public bool IsRefused => Errors is not null;
}

internal sealed record CheckAnswer(string? ProductId, bool Valid, Dictionary<string, string[]> Errors, BanAnswer? Ban);

internal sealed record JourneyAnswer(string ProductId, AcceptedAnswer Accepted, VerdictAnswer Verdict, SearchableAnswer? Searchable, MirroredAnswer? Mirrored);

internal sealed record AcceptedAnswer(int Partition, long Offset, DateTimeOffset At);

internal sealed record VerdictAnswer(string Status, string? Ban, string? Reason, long? BanList, DateTimeOffset? AsOf);

internal sealed record SearchableAnswer(DateTimeOffset Since);

internal sealed record MirroredAnswer(long Offset, bool Product);

internal sealed record BanAnswer(string ProductId, string? Reason, DateTimeOffset? ExpiresAt);

internal sealed record BanPage(long Total, IReadOnlyList<BanAnswer> Items);

internal sealed record BanBody(string? Reason, DateTimeOffset? ExpiresAt);

internal sealed record SearchPage(
    string Query, string AsOf, long Total, IReadOnlyList<SearchItem> Items, Dictionary<string, FacetAnswer> Facets, string? DidYouMean, decimal TookMs);

internal sealed record SearchItem(JsonElement Product, double Score, Dictionary<string, string> Highlights, IReadOnlyList<ScorePart>? Explain);

internal sealed record ScorePart(string Name, double Score, string Detail);

internal sealed record FacetAnswer(IReadOnlyList<FacetValue> Values, PriceStatistics? Statistics);

internal sealed record FacetValue(string Value, long Count);

internal sealed record PriceStatistics(decimal Min, decimal Max, decimal Average, long Count);

internal sealed record SuggestPage(string Query, IReadOnlyList<Suggestion> Items);

internal sealed record Suggestion(string Text, string Kind, string? ProductId);

internal sealed record RecommendationPage(IReadOnlyList<RecommendationItem> Items);

internal sealed record RecommendationItem(JsonElement Product, double Score, ReasonAnswer Reason);

internal sealed record ReasonAnswer(string Kind, IReadOnlyList<string> Because);

internal sealed record ReadyAnswer(string? Status, IReadOnlyList<PartAnswer>? Parts);

internal sealed record PartAnswer(string Name, bool Ready, string Reason);

/// <summary>A command's own answer about one product where the gateway's is empty.</summary>
internal sealed record DoneAnswer(string ProductId, string Status);

/// <summary>Why a command did not do what it was to do.</summary>
/// <param name="Problem">The gateway's own words, where it was the gateway.</param>
internal sealed record FailureAnswer(int ExitCode, string Error, GatewayProblem? Problem);

/// <summary>What became of all products sent.</summary>
/// <param name="NextIndex">The first that is not known to be durable.</param>
internal sealed record SendAnswer(long Accepted, long Rejected, long NextIndex, IReadOnlyList<ProductResult> Results)
{
    /// <summary>Where it broke off: as in <see cref="FailureAnswer"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    /// <inheritdoc cref="ExitCode"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
