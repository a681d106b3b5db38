namespace Marketplace.Recommendations.Storage;

/// <summary>
/// A growing array for one writer and many readers without locks: chunks never move, so growing copies no element.
/// A chunk exists once something in it was written; what was never written reads as default.
/// </summary>
internal sealed class ChunkedArray<T>
{
    private const int Bits = 12;
    private const int Mask = (1 << Bits) - 1;

    private T[]?[] _chunks = [];

    /// <summary>For readers; a struct wider than a word may be seen half written.</summary>
    public T? Read(int index)
    {
        var chunks = Volatile.Read(ref _chunks);
        var at = index >> Bits;
        return at < chunks.Length && Volatile.Read(ref chunks[at]) is { } chunk ? chunk[index & Mask] : default;
    }

    /// <summary>For the writer.</summary>
    public ref T At(int index)
    {
        var at = index >> Bits;
        if (at >= _chunks.Length)
        {
            var grown = new T[Math.Max(at + 1, _chunks.Length * 2)][];
            _chunks.CopyTo(grown, 0);
            Volatile.Write(ref _chunks, grown);
        }

        if (_chunks[at] is null)
        {
            Volatile.Write(ref _chunks[at], new T[1 << Bits]);
        }

        return ref _chunks[at]![index & Mask];
    }
}
