using System.Text;
using Marketplace.Recommendations;
using Marketplace.Search;

namespace Marketplace.Gateway.ReadModels;

/// <summary>
/// Tells search how popular products are, by what the recommendations count. On a scale of logarithms that stays as it is while
/// the process runs, so that what was told at different times can be compared.
/// </summary>
internal sealed class SearchPopularity(TimeProvider time) : IPopularity
{
    /// <summary>From one view eight doublings ago to as much again as a large marketplace counts: 2^−8 to 2^32.</summary>
    private const double Lowest = -8;
    private const double Highest = 32;

    private readonly double _one = RecommendationModel.PopularityLogOfOne(time.GetUtcNow());
    private readonly Lock _gate = new();
    private HashSet<string> _touched = [];
    private volatile RecommendationModel? _model;
    private volatile SearchIndex? _index;

    public void Watch(RecommendationModel model) => _model = model;

    public void Serve(SearchIndex index) => _index = index;

    public float Of(string productId)
    {
        var doublings = (_model?.PopularityLogOf(productId) ?? double.NegativeInfinity) - _one;
        return (float)Math.Clamp((doublings - Lowest) / (Highest - Lowest), 0, 1);
    }

    /// <summary>The product's popularity has changed.</summary>
    public void Touch(ReadOnlySpan<byte> productId)
    {
        Span<char> text = stackalloc char[productId.Length];
        text = text[..Encoding.UTF8.GetChars(productId, text)];
        lock (_gate)
        {
            _touched.GetAlternateLookup<ReadOnlySpan<char>>().Add(text);
        }
    }

    /// <summary>Tells search of all that has changed.</summary>
    public void Refresh()
    {
        HashSet<string> touched;
        lock (_gate)
        {
            if (_touched.Count == 0)
            {
                return;
            }

            (touched, _touched) = (_touched, []);
        }

        foreach (var product in touched)
        {
            _index?.RefreshPopularity(product);
        }
    }
}
