namespace Marketplace.Search.Sources;

/// <summary>What a snapshot knows of a chunk's file.</summary>
/// <param name="Number">Which of the store's chunks it is, and the number in its file's name.</param>
/// <param name="Length">Bytes that the snapshot's products may point into; the file may go on.</param>
/// <param name="Crc">Of those bytes.</param>
internal readonly record struct SavedChunk(int Number, int Length, long Dead, uint Crc);
