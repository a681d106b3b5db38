namespace Marketplace.Recommendations.Evaluation;

/// <summary>Baseline: to everybody what most have chosen, without what they have already.</summary>
public sealed class PopularityMethod(int items, bool repeats) : IRankingMethod
{
    private readonly int[] _counts = new int[items];
    private readonly Dictionary<int, HashSet<int>> _owned = [];
    private int[] _order = [];

    public string Name => "popularity";

    public void Learn(in Interaction interaction)
    {
        if (!interaction.IsChoice)
        {
            return;
        }

        _counts[interaction.Item]++;
        if (!_owned.TryGetValue(interaction.User, out var owned))
        {
            _owned.Add(interaction.User, owned = []);
        }

        owned.Add(interaction.Item);
    }

    public void Prepare() => _order = [.. Enumerable.Range(0, _counts.Length).OrderByDescending(i => _counts[i]).ThenBy(i => i)];

    public IReadOnlyList<int> Rank(int user, int count, long time)
    {
        var owned = repeats ? null : _owned.GetValueOrDefault(user);
        return [.. _order.Where(i => owned is null || !owned.Contains(i)).Take(count)];
    }
}
