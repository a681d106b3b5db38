using Marketplace.Recommendations.Clients;
using Marketplace.Recommendations.Ranking;

namespace Marketplace.Recommendations.Behaviour;

/// <summary>
/// One kind of behaviour, buying or browsing: the transitions learnt from all clients' actions, and what a client's own actions
/// lead to. One writer, many readers without locks.
/// </summary>
internal sealed class BehaviourChannel
{
    private readonly BehaviourProfile _profile;
    private readonly int[] _forward;
    private readonly int[] _back;
    private readonly float[] _positionWeights;
    private readonly double _visitGapSeconds;
    private readonly double _halfLifeSeconds;

    public BehaviourChannel(BehaviourProfile profile)
    {
        _profile = profile;
        Transitions = new TransitionMatrix(profile.Neighbours);
        Share = (float)(profile.Share * Math.Pow(profile.Smoothing, profile.RowPower + profile.ColumnPower));
        _forward = [.. Enumerable.Range(1, profile.Window).Select(d => FixedPoint(Math.Pow(d, -profile.DistancePower)))];
        _back = [.. Enumerable.Range(1, profile.Window).Select(d => FixedPoint(profile.Back * Math.Pow(d, -profile.DistancePower)))];
        _positionWeights = [.. Enumerable.Range(0, profile.HistoryLength).Select(PositionWeight)];
        _visitGapSeconds = profile.VisitGap.TotalSeconds;
        _halfLifeSeconds = profile.InterestHalfLife.TotalSeconds;
    }

    public TransitionMatrix Transitions { get; }

    /// <summary>
    /// What these scores are worth beside those of the other behaviour. Smoothing divides them, so it is taken out first: with
    /// little known, a score is then the transitions themselves, whichever behaviour they are of.
    /// </summary>
    public float Share { get; }

    /// <summary>
    /// Counts the transitions to this action and appends it to its client's sequence. The same item again at once is one action,
    /// as strong as the strongest of them. False when nothing was new.
    /// </summary>
    public bool Record(ref ulong[]? sequence, ClientAction action)
    {
        var actions = ActionSequence.Latest(sequence, _profile.HistoryLength);
        var newest = actions.IsEmpty ? default : new ClientAction(actions[^1]);
        if (sequence is null || actions.IsEmpty || newest.Item != action.Item)
        {
            Count(actions, action, _profile.Weights.Of(action.Kind));
            ActionSequence.Append(ref sequence, action, _profile.HistoryLength);
            return true;
        }

        var stronger = action.Kind > newest.Kind;
        if (stronger)
        {
            Count(actions[..^1], action, _profile.Weights.Of(action.Kind) - _profile.Weights.Of(newest.Kind));
        }

        ActionSequence.Replace(sequence, 0, action with { Kind = stronger ? action.Kind : newest.Kind });
        return stronger;
    }

    /// <summary>
    /// Changes the kind of the client's newest action on the item, if it is <paramref name="from"/> (null: whatever it is).
    /// False when the client's sequence does not know the item.
    /// </summary>
    public bool Reconsider(ulong[]? sequence, int item, ActionKind? from, ActionKind to)
    {
        var actions = ActionSequence.Latest(sequence, _profile.HistoryLength);
        for (var age = 0; age < actions.Length; age++)
        {
            var action = new ClientAction(actions[^(age + 1)]);
            if (action.Item == item)
            {
                if (from is null || action.Kind == from)
                {
                    ActionSequence.Replace(sequence!, age, action with { Kind = to });
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Fills an empty map with the score of every item that a client's latest actions (the oldest first) lead to.</summary>
    public void FillScores(ReadOnlySpan<ulong> actions, double nowSeconds, ScoreMap scores)
    {
        for (var age = 0; age < actions.Length; age++)
        {
            var action = new ClientAction(actions[^(age + 1)]);
            AddRow(action.Item, InterestIn(action, age, nowSeconds), scores);
        }

        DivideByColumns(scores);
    }

    /// <summary>Fills an empty map with S(item, j) for every neighbour j.</summary>
    public void FillNeighbours(int item, ScoreMap scores)
    {
        AddRow(item, 1, scores);
        DivideByColumns(scores);
    }

    /// <summary>What one action of the client adds to the item's score.</summary>
    public float Contribution(ClientAction action, int age, double nowSeconds, int item)
    {
        var count = Transitions.RowOf(action.Item)[item];
        return count == 0 ? 0 : count * InterestIn(action, age, nowSeconds) * RowFactor(action.Item) * ColumnFactor(item);
    }

    /// <summary>The weight w_k of the client's action of this age k (0: the newest).</summary>
    private float InterestIn(ClientAction action, int age, double nowSeconds)
    {
        var weight = _positionWeights[age] * _profile.Weights.Of(action.Kind);
        return (float)(weight * Math.Pow(2, -Math.Max(0, nowSeconds - action.Seconds) / _halfLifeSeconds));
    }

    private void AddRow(int item, float weight, ScoreMap scores)
    {
        var row = Transitions.RowOf(item);
        if (row.Items.IsEmpty || weight <= 0)
        {
            return;
        }

        weight *= RowFactor(item);
        for (var i = 0; i < row.Items.Length; i++)
        {
            scores.Add(row.Items[i], weight * row.Counts[i]);
        }
    }

    private void DivideByColumns(ScoreMap scores)
    {
        for (var entry = 0; entry < scores.Count; entry++)
        {
            scores.Multiply(entry, ColumnFactor(scores.ItemAt(entry)));
        }
    }

    private float RowFactor(int item) =>
        MathF.Pow(((float)Transitions.RowSum(item) / TransitionMatrix.One) + (float)_profile.Smoothing, -(float)_profile.RowPower) / TransitionMatrix.One;

    private float ColumnFactor(int item) =>
        MathF.Pow(((float)Transitions.ColumnSum(item) / TransitionMatrix.One) + (float)_profile.Smoothing, -(float)_profile.ColumnPower);

    private float PositionWeight(int age) =>
        (float)((Math.Pow(_profile.Decay, age) + _profile.Floor) / Math.Pow(1 + age, _profile.PositionPower));

    private static int FixedPoint(double transitions) => (int)Math.Round(transitions * TransitionMatrix.One);

    private void Count(ReadOnlySpan<ulong> earlier, ClientAction action, int weight)
    {
        if (weight <= 0)
        {
            return;
        }

        var after = action.Seconds;
        for (var distance = 1; distance <= Math.Min(_profile.Window, earlier.Length); distance++)
        {
            var before = new ClientAction(earlier[^distance]);
            if (Math.Abs((double)after - before.Seconds) > _visitGapSeconds)
            {
                return;
            }

            after = before.Seconds;
            if (before.Item != action.Item && before.Kind != ActionKind.Disliked)
            {
                Transitions.Add(before.Item, action.Item, weight * _forward[distance - 1]);
                Transitions.Add(action.Item, before.Item, weight * _back[distance - 1]);
            }
        }
    }
}
