using System.Runtime.InteropServices;
using Marketplace.Recommendations.Ranking;

namespace Marketplace.Recommendations.Evaluation;

/// <summary>
/// Baseline: plain item-item collaborative filtering (Sarwar et al. 2001). Likeness of two items is the cosine of the sets of
/// users who chose them; an item's score is the sum over what the user chose. Knows neither order nor time.
/// </summary>
public sealed class ItemItemMethod(int items, bool repeats) : IRankingMethod
{
    private readonly int[] _counts = new int[items];
    private readonly Dictionary<int, int>?[] _together = new Dictionary<int, int>?[items];
    private readonly Dictionary<int, HashSet<int>> _owned = [];
    private readonly ScoreMap _scores = new();
    private readonly TopItems _best = new();

    public string Name => "item-item";

    public void Learn(in Interaction interaction)
    {
        var item = interaction.Item;
        if (!_owned.TryGetValue(interaction.User, out var owned))
        {
            _owned.Add(interaction.User, owned = []);
        }

        if (!interaction.IsChoice || owned.Contains(item))
        {
            return;
        }

        foreach (var other in owned)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_together[item] ??= [], other, out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(_together[other] ??= [], item, out _)++;
        }

        owned.Add(item);
        _counts[item]++;
    }

    public void Prepare()
    {
    }

    public IReadOnlyList<int> Rank(int user, int count, long time)
    {
        _scores.Clear();
        var owned = _owned.GetValueOrDefault(user) ?? [];
        foreach (var item in owned)
        {
            foreach (var (other, together) in _together[item] ?? [])
            {
                _scores.Add(other, (float)(together / Math.Sqrt((double)_counts[item] * _counts[other])));
            }
        }

        _best.Reset(count);
        for (var entry = 0; entry < _scores.Count; entry++)
        {
            var item = _scores.ItemAt(entry);
            if (_best.WouldKeep(_scores.ScoreAt(entry)) && (repeats || !owned.Contains(item)))
            {
                _best.Offer(item, _scores.ScoreAt(entry), _counts[item]);
            }
        }

        var ranked = new List<int>(count);
        foreach (var scored in _best.Sort())
        {
            ranked.Add(scored.Item);
        }

        return ranked;
    }
}
