namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// The latest offset of each key of a range. A key stands as its <see cref="KeyHash"/>: keys are anybody's, and a hash that
/// somebody can make collide would let one key's record remove another's.
/// </summary>
internal sealed class LatestOffsets
{
    private readonly Dictionary<UInt128, long> _offsets = [];

    public int Count => _offsets.Count;

    /// <summary>To be called in offset order.</summary>
    public void Put(ReadOnlySpan<byte> key, long offset) => _offsets[KeyHash.Of(key)] = offset;

    /// <summary>True where a later record of the key is known.</summary>
    public bool IsSuperseded(ReadOnlySpan<byte> key, long offset) => _offsets.TryGetValue(KeyHash.Of(key), out var latest) && latest > offset;
}
