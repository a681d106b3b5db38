using Marketplace.Recommendations.Behaviour;
using Marketplace.Recommendations.Clients;

namespace Marketplace.Recommendations.Tests.Behaviour;

/// <summary>The definition of <see cref="BehaviourProfile"/> written down with dictionaries, unbounded and in doubles.</summary>
internal sealed class NaiveChannel(BehaviourProfile profile)
{
    private readonly Dictionary<int, List<ClientAction>> _actions = [];

    public Dictionary<(int From, int To), double> Counts { get; } = [];

    public void Record(int user, ClientAction action)
    {
        if (!_actions.TryGetValue(user, out var actions))
        {
            _actions.Add(user, actions = []);
        }

        double weight = profile.Weights.Of(action.Kind);
        if (actions.Count > 0 && actions[^1].Item == action.Item)
        {
            var last = actions[^1];
            actions.RemoveAt(actions.Count - 1);
            action = action with { Kind = (ActionKind)Math.Max((int)last.Kind, (int)action.Kind) };
            weight = profile.Weights.Of(action.Kind) - profile.Weights.Of(last.Kind);
        }

        for (var d = 1; d <= Math.Min(profile.Window, actions.Count); d++)
        {
            var (earlier, later) = (actions[^d], d == 1 ? action : actions[^(d - 1)]);
            if (Math.Abs((double)later.Seconds - earlier.Seconds) > profile.VisitGap.TotalSeconds)
            {
                break;
            }

            if (earlier.Item != action.Item && weight > 0)
            {
                Add(earlier.Item, action.Item, weight * Rounded(Math.Pow(d, -profile.DistancePower)));
                Add(action.Item, earlier.Item, weight * Rounded(profile.Back * Math.Pow(d, -profile.DistancePower)));
            }
        }

        actions.Add(action);
        if (actions.Count > profile.HistoryLength)
        {
            actions.RemoveAt(0);
        }
    }

    public Dictionary<int, double> Scores(int user, double now)
    {
        var scores = new Dictionary<int, double>();
        var actions = _actions.GetValueOrDefault(user) ?? [];
        for (var k = 0; k < actions.Count; k++)
        {
            var action = actions[^(k + 1)];
            var interest = (Math.Pow(profile.Decay, k) + profile.Floor) / Math.Pow(1 + k, profile.PositionPower)
                * profile.Weights.Of(action.Kind) * Math.Pow(2, -(now - action.Seconds) / profile.InterestHalfLife.TotalSeconds);
            var row = Counts.Where(c => c.Key.From == action.Item).Sum(c => c.Value);
            foreach (var ((_, to), count) in Counts.Where(c => c.Key.From == action.Item))
            {
                var column = Counts.Where(c => c.Key.To == to).Sum(c => c.Value);
                scores[to] = scores.GetValueOrDefault(to) + (interest * count
                    / Math.Pow(row + profile.Smoothing, profile.RowPower) / Math.Pow(column + profile.Smoothing, profile.ColumnPower));
            }
        }

        return scores;
    }

    private static double Rounded(double transitions) => Math.Round(transitions * TransitionMatrix.One) / TransitionMatrix.One;

    private void Add(int from, int to, double amount) => Counts[(from, to)] = Counts.GetValueOrDefault((from, to)) + amount;
}
