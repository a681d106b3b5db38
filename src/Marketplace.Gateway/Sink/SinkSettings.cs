namespace Marketplace.Gateway.Sink;

/// <param name="Path">The sink's file: one line of JSON for every record of <c>filtered-products</c> that is not a tombstone.</param>
public sealed record SinkSettings(string Path);
