using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Hosting.Kafka;

/// <summary>
/// Who acts on the cluster for what. <c>docker/setup/acls.tsv</c> grants each exactly what this makes them do.
/// </summary>
internal static class Principal
{
    public const string ShopApi = "shop_api";
    public const string ClientApi = "client_api";
    public const string Moderator = "moderator";
    public const string Filter = "filter";
    public const string Mirror = "mirror";

    /// <summary>The file sink, here or in Kafka Connect.</summary>
    public const string Connect = "connect";

    public static IReadOnlyList<string> All { get; } = [ShopApi, ClientApi, Moderator, Filter, Mirror, Connect];

    /// <summary>Those that this process needs: the HTTP border is in every one.</summary>
    public static IEnumerable<string> NeededBy(GatewaySettings settings)
    {
        yield return ShopApi;
        yield return ClientApi;
        yield return Moderator;
        if (settings.FilterEnabled)
        {
            yield return Filter;
        }

        if (settings.SinkEnabled)
        {
            yield return Connect;
        }

        if (settings.Mirror is not null)
        {
            yield return Mirror;
        }
    }

    /// <summary>Who appends to a topic.</summary>
    public static string WriterOf(string topic) => topic switch
    {
        TopicNames.ShopProducts => ShopApi,
        TopicNames.BannedProducts => Moderator,
        TopicNames.ClientEvents or TopicNames.ClientQueries => ClientApi,
        TopicNames.IdempotencyKeys => ShopApi,
        _ => Filter,
    };

    /// <summary>Who reads and checks a topic.</summary>
    public static string ReaderOf(string topic) => topic switch
    {
        TopicNames.BannedProducts => Moderator,
        TopicNames.FilteredProducts or TopicNames.ClientEvents or TopicNames.ClientQueries => ClientApi,
        TopicNames.IdempotencyKeys => ShopApi,
        _ => Filter,
    };

    /// <summary>Who commits under a writer's name: it begins with what the writer is for.</summary>
    public static string OfWriter(string name) =>
        IdempotentWriterTopic(name) is { } topic ? WriterOf(topic)
        : name.StartsWith(FilterService.Group, StringComparison.Ordinal) ? Filter
        : name.StartsWith(Mirror, StringComparison.Ordinal) ? Mirror
        : name == UnreadableEvents.Group ? ClientApi
        : Connect;

    /// <summary>Whose group it is.</summary>
    public static string OfGroup(string group) => group switch
    {
        FilterService.Group => Filter,
        Mirror => Mirror,
        UnreadableEvents.Group => ClientApi,
        _ => Connect,
    };

    private static string? IdempotentWriterTopic(string name) =>
        name.StartsWith(Idempotency.IdempotentWrites.WriterPrefix, StringComparison.Ordinal)
            ? name[Idempotency.IdempotentWrites.WriterPrefix.Length..name.LastIndexOf('-')]
            : null;
}
