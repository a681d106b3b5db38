using System.Text.Json.Serialization;

namespace Marketplace.Benchmarks.Reporting;

/// <summary>What a figure has to be to meet its goal.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Goal>))]
internal enum Goal
{
    /// <summary>Reported, with nothing asked of it.</summary>
    None,

    /// <summary>Ours divided by the limit is at least the goal's value.</summary>
    RatioAtLeast,

    /// <summary>Ours is at least the goal's value, in the figure's unit.</summary>
    AtLeast,

    /// <summary>Ours is at most the goal's value, in the figure's unit.</summary>
    AtMost,
}

/// <summary>One measured figure. Where there are rounds, <see cref="Ours"/> and <see cref="Limit"/> are their medians.</summary>
internal sealed record Figure
{
    public required string Name { get; init; }

    public required string Unit { get; init; }

    public required double Ours { get; init; }

    /// <summary>What the machine allowed, or a peer did, in the same run and unit; null where ours stands alone.</summary>
    public double? Limit { get; init; }

    /// <summary>Null also where there is nothing to divide by.</summary>
    public double? Ratio => Limit is 0 ? null : Ours / Limit;

    public Goal Goal { get; init; }

    public double? GoalValue { get; init; }

    public bool? Met => Goal switch
    {
        Goal.RatioAtLeast => Ratio >= GoalValue,
        Goal.AtLeast => Ours >= GoalValue,
        Goal.AtMost => Ours <= GoalValue,
        _ => null,
    };

    public IReadOnlyList<double> OursRounds { get; init; } = [];

    public IReadOnlyList<double> LimitRounds { get; init; } = [];

    /// <summary>Medians of ours and of the limit or the peer, held against a ratio where one is given.</summary>
    public static Figure Against(string name, string unit, IReadOnlyList<double> ours, IReadOnlyList<double> limit, double? ratio = null) => new()
    {
        Name = name,
        Unit = unit,
        Ours = Statistics.Median(ours),
        Limit = Statistics.Median(limit),
        OursRounds = ours,
        LimitRounds = limit,
        Goal = ratio is null ? Goal.None : Goal.RatioAtLeast,
        GoalValue = ratio,
    };

    /// <summary>The median of ours by itself, held against an absolute value where one is given.</summary>
    public static Figure Alone(string name, string unit, IReadOnlyList<double> ours, Goal goal = Goal.None, double? value = null) => new()
    {
        Name = name,
        Unit = unit,
        Ours = Statistics.Median(ours),
        OursRounds = ours,
        Goal = goal,
        GoalValue = value,
    };
}
