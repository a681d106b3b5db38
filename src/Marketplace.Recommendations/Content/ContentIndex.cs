using Marketplace.Products;
using Marketplace.Recommendations.Ranking;
using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Content;

/// <summary>
/// Likeness of products by what they say of themselves: the cosine of sparse tf-idf vectors, found through an inverted index.
/// One writer, many readers without locks.
/// </summary>
internal sealed class ContentIndex
{
    /// <summary>How many postings a query reads at most, the rarest features first.</summary>
    private const int MaxPostings = 2048;

    /// <summary>How many of the items found so get their exact cosine.</summary>
    private const int MaxExact = 64;

    private readonly FeatureTable _features = new();
    private readonly FeatureLists _lists = new();
    private readonly Postings _postings = new();
    private readonly ChunkedArray<int> _frequencies = new();
    private int _described;

    /// <summary>Makes these the item's features; the same again costs no write.</summary>
    public void Set(int item, ProductDocument product)
    {
        Span<Feature> features = stackalloc Feature[FeatureExtractor.MaxFeatures];
        var count = FeatureExtractor.Extract(product, features);
        Span<int> buffer = stackalloc int[FeatureExtractor.MaxFeatures];
        for (var i = 0; i < count; i++)
        {
            buffer[i] = FeatureLists.Pack(features[i].Field, _features.FindOrAdd(features[i].Hash));
        }

        Set(item, buffer[..count]);
    }

    private void Set(int item, ReadOnlySpan<int> packed)
    {
        Span<int> old = stackalloc int[FeatureExtractor.MaxFeatures];
        var current = _lists.Of(item);
        if (current.SequenceEqual(packed))
        {
            return;
        }

        current.CopyTo(old);
        old = old[..current.Length];
        _described += (packed.IsEmpty ? 0 : 1) - (old.IsEmpty ? 0 : 1);
        foreach (var feature in old)
        {
            if (!packed.Contains(feature))
            {
                _frequencies.At(FeatureLists.IdOf(feature))--;
            }
        }

        _lists.Set(item, packed);
        foreach (var feature in packed)
        {
            if (!old.Contains(feature))
            {
                var id = FeatureLists.IdOf(feature);
                _frequencies.At(id)++;
                _postings.Add(id, item, mayBeThere: !old.IsEmpty);
            }
        }
    }

    /// <summary>What stands for the item's brand or category; -1 when it names none.</summary>
    public int FeatureOf(int item, FeatureField field)
    {
        foreach (var feature in _lists.Of(item))
        {
            if (FeatureLists.FieldOf(feature) == field)
            {
                return FeatureLists.IdOf(feature);
            }
        }

        return -1;
    }

    /// <summary>Adds <paramref name="weight"/> times the cosine (0 to 1) to each of the items most like this one.</summary>
    public void AddSimilar(int item, float weight, ScoreMap scores, ContentWorkspace workspace)
    {
        Span<int> own = stackalloc int[FeatureExtractor.MaxFeatures];
        var count = CopyByRarity(item, own);
        if (count == 0)
        {
            return;
        }

        own = own[..count];
        var rough = workspace.Rough;
        rough.Clear();
        Span<int> postings = workspace.Postings;
        var left = MaxPostings;
        foreach (var feature in own)
        {
            var found = _postings.Copy(FeatureLists.IdOf(feature), postings[..Math.Min(left, postings.Length)]);
            var share = Square(WeightOf(feature));
            foreach (var other in postings[..found])
            {
                if (other != item)
                {
                    rough.Add(other, share);
                }
            }

            left -= found;
            if (left <= 0)
            {
                break;
            }
        }

        var norm = NormOf(own);
        var best = workspace.Best;
        best.Reset(MaxExact);
        for (var i = 0; i < rough.Count; i++)
        {
            best.Offer(rough.ItemAt(i), rough.ScoreAt(i));
        }

        foreach (var candidate in best.Unordered)
        {
            var cosine = Cosine(own, norm, _lists.Of(candidate.Item));
            if (cosine > 0)
            {
                scores.Add(candidate.Item, weight * cosine);
            }
        }
    }

    /// <summary>Likeness of two items, 0 to 1.</summary>
    public float Cosine(int a, int b) => Cosine(_lists.Of(a), NormOf(_lists.Of(a)), _lists.Of(b));

    public void Save(SnapshotWriter writer)
    {
        writer.Write(_described);
        _features.Save(writer);
        _lists.Save(writer);
        _postings.Save(writer);
        _frequencies.Save(writer);
    }

    public void Load(SnapshotReader reader)
    {
        _described = reader.ReadCount();
        _features.Load(reader);
        _lists.Load(reader);
        _postings.Load(reader);
        _frequencies.Load(reader);
    }

    private float Cosine(ReadOnlySpan<int> own, float norm, ReadOnlySpan<int> other)
    {
        var product = 0f;
        foreach (var feature in own)
        {
            if (other.Contains(feature))
            {
                product += Square(WeightOf(feature));
            }
        }

        return product == 0 ? 0 : Math.Min(1, product / (norm * NormOf(other)));
    }

    private int CopyByRarity(int item, Span<int> features)
    {
        var list = _lists.Of(item);
        Span<int> frequencies = stackalloc int[FeatureExtractor.MaxFeatures];
        var count = Math.Min(list.Length, features.Length);
        for (var i = 0; i < count; i++)
        {
            features[i] = list[i];
            frequencies[i] = _frequencies.Read(FeatureLists.IdOf(list[i]));
        }

        frequencies[..count].Sort(features[..count]);
        return count;
    }

    private float NormOf(ReadOnlySpan<int> features)
    {
        var sum = 0f;
        foreach (var feature in features)
        {
            sum += Square(WeightOf(feature));
        }

        return MathF.Sqrt(sum);
    }

    /// <summary>Inverse document frequency times the weight of the field.</summary>
    private float WeightOf(int packed)
    {
        var frequency = Math.Max(1, _frequencies.Read(FeatureLists.IdOf(packed)));
        var rarity = MathF.Log(1 + ((float)Volatile.Read(ref _described) / frequency));
        return rarity * FeatureLists.FieldOf(packed) switch
        {
            FeatureField.Category => 1f,
            FeatureField.Brand => 0.7f,
            FeatureField.BrandInCategory => 0.7f,
            FeatureField.Tag => 0.8f,
            _ => 1f,
        };
    }

    private static float Square(float value) => value * value;
}

/// <summary>What a query of the index writes to while it runs.</summary>
internal sealed class ContentWorkspace
{
    public ScoreMap Rough { get; } = new();

    public int[] Postings { get; } = new int[Content.Postings.MaxLength];

    public TopItems Best { get; } = new();
}
