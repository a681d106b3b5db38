using Marketplace.Recommendations.Ranking;
using Marketplace.Recommendations.Storage;

namespace Marketplace.Recommendations.Behaviour;

/// <summary>
/// One kind of behaviour, buying or browsing: each client's sequence of actions and the transitions learnt from all of them.
/// One writer, many readers without locks.
/// </summary>
internal sealed class BehaviourChannel
{
    private readonly BehaviourProfile _profile;
    private readonly ChunkedArray<ulong[]> _sequences = new();
    private readonly int[] _forward;
    private readonly int[] _back;
    private readonly float[] _positionWeights;
    private readonly double _visitGapSeconds;
    private readonly double _halfLifeSeconds;

    public BehaviourChannel(BehaviourProfile profile)
    {
        _profile = profile;
        Transitions = new TransitionMatrix(profile.Neighbours);
        _forward = [.. Enumerable.Range(1, profile.Window).Select(d => FixedPoint(Math.Pow(d, -profile.DistancePower)))];
        _back = [.. Enumerable.Range(1, profile.Window).Select(d => FixedPoint(profile.Back * Math.Pow(d, -profile.DistancePower)))];
        _positionWeights = [.. Enumerable.Range(0, profile.HistoryLength).Select(PositionWeight)];
        _visitGapSeconds = profile.VisitGap.TotalSeconds;
        _halfLifeSeconds = profile.InterestHalfLife.TotalSeconds;
    }

    public TransitionMatrix Transitions { get; }

    /// <summary>The client's latest actions, the oldest first.</summary>
    public ReadOnlySpan<ulong> ActionsOf(int user) => ActionSequence.Latest(_sequences.Read(user), _profile.HistoryLength);

    /// <summary>
    /// Counts the transitions to this action and appends it. The same item again at once is one action, as strong as the
    /// strongest of them. False when nothing was new.
    /// </summary>
    public bool Record(int user, ClientAction action)
    {
        var actions = ActionsOf(user);
        var newest = actions.IsEmpty ? default : new ClientAction(actions[^1]);
        if (actions.IsEmpty || newest.Item != action.Item)
        {
            Count(actions, action, _profile.Weights.Of(action.Kind));
            ActionSequence.Append(ref _sequences.At(user)!, action, _profile.HistoryLength);
            return true;
        }

        var stronger = action.Kind > newest.Kind;
        if (stronger)
        {
            Count(actions[..^1], action, _profile.Weights.Of(action.Kind) - _profile.Weights.Of(newest.Kind));
        }

        ActionSequence.Replace(_sequences.At(user)!, 0, new ClientAction(action.Item, stronger ? action.Kind : newest.Kind, action.Seconds));
        return stronger;
    }

    /// <summary>Changes the kind of the client's newest action on the item, if it is <paramref name="from"/> (null: whatever it is).</summary>
    public bool Reconsider(int user, int item, ActionKind? from, ActionKind to)
    {
        var actions = ActionsOf(user);
        for (var age = 0; age < actions.Length; age++)
        {
            var action = new ClientAction(actions[^(age + 1)]);
            if (action.Item == item)
            {
                if (from is null || action.Kind == from)
                {
                    ActionSequence.Replace(_sequences.At(user)!, age, new ClientAction(item, to, action.Seconds));
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Fills an empty map with the client's score of every item that their latest actions lead to.</summary>
    public void FillScores(int user, double nowSeconds, ScoreMap scores)
    {
        var actions = ActionsOf(user);
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

    public float Share => _profile.Share;

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
