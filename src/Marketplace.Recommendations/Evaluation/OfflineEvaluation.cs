namespace Marketplace.Recommendations.Evaluation;

public sealed record EvaluationOptions
{
    /// <summary>The lengths of list to be judged.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [10];

    /// <summary>How many of each user's last interactions nobody learns from; the very last is the target.</summary>
    public int HeldOut { get; init; } = 1;

    /// <summary>Whether what a user has chosen before may be recommended again, as with views; purchases are for once.</summary>
    public bool Repeats { get; init; }

    /// <summary>Settings of the model; its rules for what was seen and bought follow <see cref="Repeats"/>.</summary>
    public RecommendationOptions Model { get; init; } = RecommendationOptions.Default;
}

/// <param name="Targets">How many lists were judged, for each method.</param>
public sealed record EvaluationReport(int Users, int Items, int Interactions, int Targets, IReadOnlyList<RankingMetrics> Methods);

/// <summary>
/// Judges the model, and popularity and plain item-item beside it, by a log. Full ranking: every item of the log
/// that the user does not have may be in a list.
/// </summary>
public static class OfflineEvaluation
{
    /// <summary>
    /// Leave one out: all learn from everybody's interactions but the last, in the order of the log; the target is each user's
    /// last item.
    /// </summary>
    public static EvaluationReport LeaveOneOut(InteractionLog log, EvaluationOptions options, CancellationToken cancellationToken)
    {
        var left = new int[log.Users.Count];
        foreach (var interaction in log.Interactions)
        {
            left[interaction.User]++;
        }

        var methods = Methods(log, options);
        var popularity = new int[log.Items.Count];
        var targets = new List<Interaction>(log.Users.Count);
        foreach (var interaction in log.Interactions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var after = --left[interaction.User];
            if (after >= options.HeldOut)
            {
                popularity[interaction.Item]++;
                methods.ForEach(m => m.Learn(interaction));
            }
            else if (after == 0)
            {
                targets.Add(interaction);
            }
        }

        var scores = new List<RankingScore>();
        foreach (var method in methods)
        {
            method.Prepare();
            var ofMethod = options.Lengths.Select(length => new RankingScore(method.Name, length, log.Items.Count)).ToArray();
            scores.AddRange(ofMethod);
            foreach (var target in targets)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var ranked = method.Rank(target.User, options.Lengths.Max(), target.Time);
                Array.ForEach(ofMethod, score => score.Add(ranked, target.Item, popularity));
            }
        }

        return new EvaluationReport(log.Users.Count, log.Items.Count, log.Interactions.Count, targets.Count, [.. scores.Select(s => s.Result())]);
    }

    private static List<IRankingMethod> Methods(InteractionLog log, EvaluationOptions options)
    {
        var hidden = options.Repeats ? TimeSpan.Zero : TimeSpan.MaxValue;
        var model = options.Model with { HideSeenFor = hidden, HideInCartFor = hidden, HideBoughtFor = hidden };
        return
        [
            new ModelMethod(log.Items.Count, model),
            new PopularityMethod(log.Items.Count, options.Repeats),
            new ItemItemMethod(log.Items.Count, options.Repeats),
        ];
    }
}
