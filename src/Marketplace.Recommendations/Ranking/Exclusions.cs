using Marketplace.Recommendations.Clients;

namespace Marketplace.Recommendations.Ranking;

/// <summary>What a client is not shown at an instant, by the rules for what they have seen, have in the cart, have bought or dislike.</summary>
internal sealed class Exclusions(RecommendationOptions options)
{
    private readonly HashSet<int> _items = [];

    public bool Contains(int item) => _items.Contains(item);

    public void Add(int item) => _items.Add(item);

    public void AddHidden(Interests interests)
    {
        Add(interests.Browsing, interests.NowSeconds);
        Add(interests.Buying, interests.NowSeconds);
    }

    private void Add(ReadOnlySpan<ulong> actions, double nowSeconds)
    {
        foreach (var packed in actions)
        {
            var action = new ClientAction(packed);
            if (nowSeconds - action.Seconds < HiddenFor(action.Kind).TotalSeconds)
            {
                _items.Add(action.Item);
            }
        }
    }

    private TimeSpan HiddenFor(ActionKind kind) => kind switch
    {
        ActionKind.View => options.HideSeenFor,
        ActionKind.AddToCart => options.HideInCartFor,
        ActionKind.Purchase or ActionKind.Liked => options.HideBoughtFor,
        _ => TimeSpan.MaxValue,
    };
}
