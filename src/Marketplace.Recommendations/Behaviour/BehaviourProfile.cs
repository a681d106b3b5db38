namespace Marketplace.Recommendations.Behaviour;

/// <summary>
/// The parameters of sequential co-occurrence. A client's action on item j adds d^-<see cref="DistancePower"/> to M[i][j] and
/// <see cref="Back"/> times that to M[j][i], for each of their last <see cref="Window"/> items i, d actions ago. Then
/// S(i, j) = M[i][j] / ((row_i + s)^<see cref="RowPower"/> · (column_j + s)^<see cref="ColumnPower"/>) with s = <see cref="Smoothing"/>,
/// and a client's score of j is Σ w_k S(i_k, j) over their latest items, the newest k = 0, with
/// w_k = (<see cref="Decay"/>^k + <see cref="Floor"/>) / (1 + k)^<see cref="PositionPower"/>.
/// </summary>
public sealed record BehaviourProfile
{
    /// <summary>Purchases: days apart, taste lasts, order matters.</summary>
    public static BehaviourProfile Purchases { get; } = new()
    {
        DistancePower = 0.5,
        Back = 0.3,
        RowPower = 0.7,
        ColumnPower = 0.1,
        Smoothing = 100,
        Decay = 0.7,
        Floor = 0.1,
        HistoryLength = 100,
        InterestHalfLife = TimeSpan.FromDays(730),
    };

    /// <summary>Views and what follows from them within one visit: the last ones say nearly everything.</summary>
    public static BehaviourProfile Views { get; } = new()
    {
        DistancePower = 1,
        Back = 1,
        RowPower = 0.7,
        ColumnPower = 0.2,
        Smoothing = 1,
        Decay = 0.4,
        Floor = 0.05,
        PositionPower = 0.5,
        HistoryLength = 50,
        VisitGap = TimeSpan.FromMinutes(30),
        InterestHalfLife = TimeSpan.FromDays(7),
        Weights = new KindWeights(View: 1, AddToCart: 2, Purchase: 3, Liked: 0),
    };

    public double DistancePower { get; init; }

    public double Back { get; init; }

    public double RowPower { get; init; }

    public double ColumnPower { get; init; }

    /// <summary>In transitions of distance 1.</summary>
    public double Smoothing { get; init; }

    public double Decay { get; init; }

    public double Floor { get; init; }

    public double PositionPower { get; init; }

    /// <summary>How many actions back a transition reaches.</summary>
    public int Window { get; init; } = 50;

    /// <summary>How many actions of a client are kept.</summary>
    public int HistoryLength { get; init; }

    /// <summary>How many neighbours an item keeps when its list is pruned; between prunings it grows to twice as many.</summary>
    public int Neighbours { get; init; } = 100;

    /// <summary>A pause longer than this ends a visit, and no transition crosses it.</summary>
    public TimeSpan VisitGap { get; init; } = TimeSpan.MaxValue;

    /// <summary>The age at which an action's weight in its client's interest has halved.</summary>
    public TimeSpan InterestHalfLife { get; init; } = TimeSpan.MaxValue;

    /// <summary>What an action adds to the counts, in whole transitions.</summary>
    public KindWeights Weights { get; init; } = new(View: 0, AddToCart: 0, Purchase: 1, Liked: 1);

    /// <summary>What these scores are worth beside those of the other behaviour.</summary>
    public float Share { get; init; } = 1;

    /// <param name="name">How the settings call this profile.</param>
    internal void Validate(string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, 1, $"{name}.{nameof(Window)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(HistoryLength, 1, $"{name}.{nameof(HistoryLength)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbours, 1, $"{name}.{nameof(Neighbours)}");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Smoothing, $"{name}.{nameof(Smoothing)}");
        ArgumentOutOfRangeException.ThrowIfNegative(Back, $"{name}.{nameof(Back)}");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(InterestHalfLife, TimeSpan.Zero, $"{name}.{nameof(InterestHalfLife)}");
        ArgumentOutOfRangeException.ThrowIfNegative(Share, $"{name}.{nameof(Share)}");
    }
}
