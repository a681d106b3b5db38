namespace Marketplace.EventLog;

/// <summary>How long to wait before a log that did not answer is tried again: doubling from 50 ms, at most 5 s.</summary>
public static class Backoff
{
    private const double FirstMilliseconds = 50;
    private const double MaxMilliseconds = 5000;
    private const int MaxDoublings = 10;

    public static TimeSpan Delay(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(MaxMilliseconds, FirstMilliseconds * (1 << Math.Min(attempt, MaxDoublings))));
}
