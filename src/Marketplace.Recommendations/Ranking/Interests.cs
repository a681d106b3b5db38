using Marketplace.Recommendations.Clients;

namespace Marketplace.Recommendations.Ranking;

/// <summary>A client's latest actions (packed, the oldest first) as they were when the query began.</summary>
internal sealed record Interests(ulong[] Buying, ulong[] Browsing, double NowSeconds)
{
    /// <summary>How many distinct items are asked what is like them.</summary>
    private const int ContentSources = 4;

    public static Interests None { get; } = new([], [], 0);

    /// <summary>An interest in just this item.</summary>
    public static Interests Of(int item) =>
        new([new ClientAction(item, ActionKind.Purchase, 0).Packed], [new ClientAction(item, ActionKind.View, 0).Packed], 0);

    private List<int>? _latest;

    /// <summary>The latest distinct items of interest, browsing and buying by turns, what was disliked left out.</summary>
    public List<int> Latest => _latest ??= FindLatest();

    private List<int> FindLatest()
    {
        var items = new List<int>(ContentSources);
        for (var age = 1; age <= Math.Max(Buying.Length, Browsing.Length) && items.Count < ContentSources; age++)
        {
            Add(Browsing, age);
            Add(Buying, age);
        }

        return items;

        void Add(ulong[] actions, int age)
        {
            if (age <= actions.Length && items.Count < ContentSources)
            {
                var action = new ClientAction(actions[^age]);
                if (action.Kind != ActionKind.Disliked && !items.Contains(action.Item))
                {
                    items.Add(action.Item);
                }
            }
        }
    }
}
