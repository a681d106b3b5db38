namespace Marketplace.Mirror.Translation;

/// <summary>
/// The latest pairs of a source's offset and its copy's, so that positions near the end are translated without a search.
/// Safe for concurrent use.
/// </summary>
internal sealed class OffsetAnchors
{
    private const int Kept = 256;
    private readonly Lock _gate = new();
    private readonly Queue<(long Source, long Target)> _pairs = new();

    /// <summary>Pairs come in growing order.</summary>
    public void Add(long source, long target)
    {
        lock (_gate)
        {
            if (_pairs.Count == Kept)
            {
                _pairs.Dequeue();
            }

            _pairs.Enqueue((source, target));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _pairs.Clear();
        }
    }

    /// <summary>The pair at or before an offset of the source, and the one at or after it.</summary>
    public ((long Source, long Target)? Below, (long Source, long Target)? Above) Around(long source)
    {
        lock (_gate)
        {
            (long, long)? below = null;
            foreach (var pair in _pairs)
            {
                if (pair.Source >= source)
                {
                    return (pair.Source == source ? pair : below, pair);
                }

                below = pair;
            }

            return (below, null);
        }
    }
}
