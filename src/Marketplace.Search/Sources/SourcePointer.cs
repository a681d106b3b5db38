namespace Marketplace.Search.Sources;

/// <summary>Where a product's bytes are: in which chunk of the store, from where, how many.</summary>
internal readonly record struct SourcePointer(int Chunk, int Offset, int Length);
