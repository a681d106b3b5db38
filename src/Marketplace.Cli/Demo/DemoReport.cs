namespace Marketplace.Cli.Demo;

/// <summary>What has happened so far.</summary>
internal sealed class DemoReport
{
    private readonly Lock _gate = new();
    private readonly List<double> _follows = [];
    private readonly List<int> _shared = [];

    public long Events { get; set; }

    public long Searches { get; set; }

    public long Bans { get; set; }

    public TimeSpan Elapsed { get; set; }

    /// <param name="took">From the answer to an event until its user's list was another.</param>
    /// <param name="shared">How many items the list has in common with that of the user before.</param>
    public void Follow(TimeSpan took, int? shared)
    {
        lock (_gate)
        {
            _follows.Add(took.TotalMilliseconds);
            if (shared is { } count)
            {
                _shared.Add(count);
            }
        }
    }

    public DemoAnswer ToAnswer()
    {
        lock (_gate)
        {
            var sorted = _follows.Order().ToArray();
            return new DemoAnswer(
                Events, Math.Round(Events / Math.Max(0.001, Elapsed.TotalSeconds), 1), Searches, Bans, sorted.Length, At(0.5), At(0.99),
                _shared.Count == 0 ? null : Math.Round(_shared.Average(), 2));

            double? At(double share) => sorted.Length == 0 ? null : Math.Round(sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)], 1);
        }
    }
}

/// <summary>What <c>demo --json</c> prints.</summary>
/// <param name="Followed">How many times a new user's list was watched.</param>
/// <param name="FollowMsP50">Milliseconds from an event's answer to another list.</param>
/// <param name="SharedItems">Items that the lists of two users have in common, on average.</param>
internal sealed record DemoAnswer(
    long Events, double EventsPerSecond, long Searches, long Bans, int Followed, double? FollowMsP50, double? FollowMsP99, double? SharedItems);
