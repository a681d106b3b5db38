namespace Marketplace.Gateway.Topics;

/// <summary>The names of the log's topics.</summary>
public static class TopicNames
{
    public const string ShopProducts = "shop-products";
    public const string FilteredProducts = "filtered-products";
    public const string BannedProducts = "banned-products";
    public const string FilterProgress = "filter-progress";
    public const string FilterDecisions = "filter-decisions";
    public const string ClientEvents = "client-events";
    public const string ClientQueries = "client-queries";
    public const string DeadLetters = "dead-letters";

    /// <summary>First answers by idempotency key; ours, not part of the contract.</summary>
    public const string IdempotencyKeys = "idempotency-keys";
}
