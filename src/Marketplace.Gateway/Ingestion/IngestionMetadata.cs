namespace Marketplace.Gateway.Ingestion;

/// <summary>Marks an endpoint whose body has three forms; what the OpenAPI document says of them.</summary>
/// <param name="Item">The shape of one.</param>
/// <param name="Receipt">The answer to one.</param>
/// <param name="Report">The answer to many.</param>
/// <param name="Problem">The error when none was taken, or the log failed midway.</param>
/// <param name="Sizes">How large and how many.</param>
public sealed record IngestionMetadata(Type Item, Type Receipt, Type Report, Type Problem, string Sizes);
