using Marketplace.Recommendations.Behaviour;
using Marketplace.Recommendations.Clients;

namespace Marketplace.Recommendations;

/// <summary>Settings of a <see cref="RecommendationModel"/>; the defaults are those the offline evaluation was done with.</summary>
public sealed record RecommendationOptions
{
    public static RecommendationOptions Default { get; } = new();

    /// <summary>How purchases lead to purchases.</summary>
    public BehaviourProfile Buying { get; init; } = BehaviourProfile.Purchases;

    /// <summary>How looking leads to looking within a visit.</summary>
    public BehaviourProfile Browsing { get; init; } = BehaviourProfile.Views;

    /// <summary>What an event adds to a product's popularity.</summary>
    public KindWeights Popularity { get; init; } = new(View: 1, AddToCart: 3, Purchase: 10, Liked: 5);

    /// <summary>A product counts as liked from this rating on …</summary>
    public int LikedFrom { get; init; } = 4;

    /// <summary>… and as disliked up to this one: then the client is not shown it again.</summary>
    public int DislikedUpTo { get; init; } = 2;

    /// <summary>How long after their last action a user's history is forgotten, by the log's clock.</summary>
    public TimeSpan UserRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How long after its last action the history of a session without a user is forgotten, by the log's clock.</summary>
    public TimeSpan SessionRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long what the client has looked at is not recommended again.</summary>
    public TimeSpan HideSeenFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long what the client has put into the cart is not recommended.</summary>
    public TimeSpan HideInCartFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long what the client has bought is not recommended again, as far as the history reaches.</summary>
    public TimeSpan HideBoughtFor { get; init; } = TimeSpan.MaxValue;

    /// <summary>What full likeness of content is worth where the strongest evidence of behaviour is worth 1.</summary>
    public float ContentWeight { get; init; } = 0.2f;

    /// <summary>How much behaviour a product must have for half of the weight in the list of products like it; in transitions.</summary>
    public float BehaviourHalfTrust { get; init; } = 5;

    /// <summary>Largest share of one brand in a list, as long as there is anything else to show.</summary>
    public double MaxBrandShare { get; init; } = 0.5;

    /// <summary>By what a candidate's worth is multiplied for each item of its brand already in the list.</summary>
    public float BrandRepetition { get; init; } = 0.93f;

    internal RecommendationOptions Validated()
    {
        Buying.Validate(nameof(Buying));
        Browsing.Validate(nameof(Browsing));
        ArgumentOutOfRangeException.ThrowIfNegative(ContentWeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BehaviourHalfTrust);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxBrandShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBrandShare, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BrandRepetition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BrandRepetition, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(UserRetention, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionRetention, TimeSpan.Zero);
        return this;
    }
}

/// <summary>A weight for each kind of action.</summary>
public sealed record KindWeights(int View, int AddToCart, int Purchase, int Liked)
{
    internal int Of(ActionKind kind) => kind switch
    {
        ActionKind.View => View,
        ActionKind.AddToCart => AddToCart,
        ActionKind.Purchase => Purchase,
        ActionKind.Liked => Liked,
        _ => 0,
    };
}
