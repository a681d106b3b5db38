using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marketplace.Cli.Demo;
using Marketplace.Cli.Log;
using Marketplace.Cli.Mirror;
using Marketplace.Cli.Recommend;

namespace Marketplace.Cli.Gateway;

/// <summary>Reads and writes the gateway's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayProblem))]
[JsonSerializable(typeof(IngestionAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(JourneyAnswer))]
[JsonSerializable(typeof(BanAnswer))]
[JsonSerializable(typeof(BanPage))]
[JsonSerializable(typeof(BanBody))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(SuggestPage))]
[JsonSerializable(typeof(RecommendationPage))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(FailureAnswer))]
[JsonSerializable(typeof(EvaluationAnswer))]
[JsonSerializable(typeof(DemoAnswer))]
[JsonSerializable(typeof(MirrorAnswer))]
[JsonSerializable(typeof(VerificationAnswer))]
[JsonSerializable(typeof(PromotionAnswer))]
[JsonSerializable(typeof(ResumedAnswer))]
[JsonSerializable(typeof(SetupAnswer))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class GatewayJson : JsonSerializerContext
{
    /// <summary>The same, with Cyrillic as it is.</summary>
    public static GatewayJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
