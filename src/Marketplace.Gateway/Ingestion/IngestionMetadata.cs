namespace Marketplace.Gateway.Ingestion;

/// <summary>Marks the endpoints whose body and answers are described by hand in the OpenAPI document.</summary>
public sealed record IngestionMetadata;
