namespace Marketplace.Recommendations.Evaluation;

public sealed record EvaluationOptions
{
    /// <summary>The lengths of list to be judged.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [10];

    /// <summary>Whether what a user has chosen before may be recommended again, as with views; purchases are for once.</summary>
    public bool Repeats { get; init; }

    /// <summary>In a replay, every how manieth interaction is a target.</summary>
    public int SampleEvery { get; init; } = 1;

    /// <summary>Told now and then what share is done, from 0 to 1; by any thread.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Settings of the model; its rules for what was seen and bought follow <see cref="Repeats"/>, and no history is ever over.</summary>
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
    /// <summary>In a replay, after how many interactions the methods bring their charts up to date.</summary>
    private const int PrepareEvery = 1000;

    /// <summary>In leave-one-out, after how many lists it is told how far it is.</summary>
    private const int TellEvery = 256;

    /// <summary>
    /// Leave one out: all learn from everybody's interactions but the last, in the order of the log; the target is each user's
    /// last item.
    /// </summary>
    public static EvaluationReport LeaveOneOut(InteractionLog log, EvaluationOptions options, CancellationToken cancellationToken)
    {
        var left = new int[log.Users.Count];
        foreach (var interaction in log.Interactions)
        {
            left[interaction.User] += interaction.IsChoice ? 1 : 0;
        }

        var methods = Methods(log, options);
        var popularity = new int[log.Items.Count];
        var targets = new List<Interaction>(log.Users.Count);
        foreach (var interaction in log.Interactions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isLast = interaction.IsChoice && --left[interaction.User] == 0;
            if (isLast)
            {
                targets.Add(interaction);
            }
            else if (left[interaction.User] > 0)
            {
                Learn(interaction, methods, popularity);
            }
        }

        var boards = methods.ConvertAll(method => new ScoreBoard(method, options.Lengths, log.Items.Count));
        var judged = 0L;
        Parallel.ForEach(boards, new ParallelOptions { CancellationToken = cancellationToken }, board =>
        {
            board.Method.Prepare();
            foreach (var target in targets)
            {
                cancellationToken.ThrowIfCancellationRequested();
                board.Judge(target, popularity);
                if (Interlocked.Increment(ref judged) is var all && all % TellEvery == 0)
                {
                    options.Progress?.Report((double)all / ((long)targets.Count * boards.Count));
                }
            }
        });

        return Report(log, targets.Count, boards);
    }

    /// <summary>
    /// Replay: every interaction, in the order of time, is first a target and then learnt from, as it would have been live. Left out
    /// as targets are a user's first and, unless <see cref="EvaluationOptions.Repeats"/>, what the user has already.
    /// </summary>
    /// <exception cref="ArgumentException">The log has no times, so that it has no order across users.</exception>
    public static EvaluationReport Replay(InteractionLog log, EvaluationOptions options, CancellationToken cancellationToken)
    {
        if (!log.HasTimes)
        {
            throw new ArgumentException("A replay needs the time of each interaction: 'user item time' or client events.", nameof(log));
        }

        var methods = Methods(log, options);
        var boards = methods.ConvertAll(method => new ScoreBoard(method, options.Lengths, log.Items.Count));
        var popularity = new int[log.Items.Count];
        var known = new HashSet<int>();
        var owned = new HashSet<(int User, int Item)>();
        var (candidates, targets) = (0, 0);
        for (var i = 0; i < log.Interactions.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var interaction = log.Interactions[i];
            if (i % PrepareEvery == 0)
            {
                methods.ForEach(m => m.Prepare());
                options.Progress?.Report((double)i / log.Interactions.Count);
            }

            var isNew = owned.Add((interaction.User, interaction.Item));
            var isKnown = !known.Add(interaction.User);
            if (isKnown && interaction.IsChoice && (isNew || options.Repeats) && candidates++ % options.SampleEvery == 0)
            {
                targets++;
                boards.ForEach(board => board.Judge(interaction, popularity));
            }

            Learn(interaction, methods, popularity);
        }

        return Report(log, targets, boards);
    }

    private static void Learn(Interaction interaction, List<IRankingMethod> methods, int[] popularity)
    {
        popularity[interaction.Item] += interaction.IsChoice ? 1 : 0;
        methods.ForEach(method => method.Learn(interaction));
    }

    private static EvaluationReport Report(InteractionLog log, int targets, List<ScoreBoard> boards) =>
        new(log.Users.Count, log.Items.Count, log.Interactions.Count, targets, [.. boards.SelectMany(board => board.Results())]);

    private static List<IRankingMethod> Methods(InteractionLog log, EvaluationOptions options)
    {
        var hidden = options.Repeats ? TimeSpan.Zero : TimeSpan.MaxValue;
        var model = options.Model with
        {
            HideSeenFor = hidden,
            HideInCartFor = hidden,
            HideBoughtFor = hidden,
            UserRetention = TimeSpan.MaxValue,
            SessionRetention = TimeSpan.MaxValue,
        };
        return
        [
            new ModelMethod(log.Items.Count, model),
            new PopularityMethod(log.Items.Count, options.Repeats),
            new ItemItemMethod(log.Items.Count, options.Repeats),
        ];
    }
}
