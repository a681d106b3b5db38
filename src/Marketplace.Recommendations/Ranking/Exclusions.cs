using Marketplace.Recommendations.Clients;

namespace Marketplace.Recommendations.Ranking;

/// <summary>What a client is not shown at an instant, by the rules for what they have seen, have in the cart, have bought or dislike.</summary>
internal sealed class Exclusions
{
    private readonly HashSet<int> _items = [];

    public bool Contains(int item) => _items.Contains(item);

    public void Add(int item) => _items.Add(item);

    public void Clear() => _items.Clear();

    public void AddHidden(Interests interests, RecommendationOptions options)
    {
        Add(interests.Browsing, interests.NowSeconds, options);
        Add(interests.Buying, interests.NowSeconds, options);
    }

    private void Add(ReadOnlySpan<ulong> actions, double nowSeconds, RecommendationOptions options)
    {
        foreach (var packed in actions)
        {
            var action = new ClientAction(packed);
            if (nowSeconds - action.Seconds < HiddenFor(action.Kind, options).TotalSeconds)
            {
                _items.Add(action.Item);
            }
        }
    }

    private static TimeSpan HiddenFor(ActionKind kind, RecommendationOptions options) => kind switch
    {
        ActionKind.View => options.HideSeenFor,
        ActionKind.AddToCart => options.HideInCartFor,
        ActionKind.Purchase or ActionKind.Liked => options.HideBoughtFor,
        _ => TimeSpan.MaxValue,
    };
}
