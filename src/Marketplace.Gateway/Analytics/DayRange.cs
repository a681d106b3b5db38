using System.Globalization;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Analytics;

/// <summary>Whole days (UTC): counts are kept by day. What is asked for is widened to them, and the answer says so.</summary>
/// <param name="First">Number of the first day since the Unix epoch.</param>
/// <param name="End">Number of the day after the last.</param>
internal readonly record struct DayRange(int First, int End)
{
    private const int DefaultDays = 30;
    private const int FirstYear = 1970;
    private const int LastYear = 9998;

    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public int Length => End - First;

    public DateTimeOffset From => DateTimeOffset.UnixEpoch.AddDays(First);

    public DateTimeOffset To => DateTimeOffset.UnixEpoch.AddDays(End);

    /// <summary>As many days, right before these.</summary>
    public DayRange Before => new(First - Length, First);

    /// <param name="from">A day or an instant; 30 days before the end when not given.</param>
    /// <param name="to">A day, which is included, or an instant; now when not given.</param>
    /// <exception cref="ProblemException">400, naming the parameter.</exception>
    public static DayRange Parse(string? from, string? to, DateTimeOffset now)
    {
        var errors = new Dictionary<string, string[]>();
        var end = to is null ? DayOf(now) + 1 : Read("to", to, isEnd: true);
        var first = from is null ? end - DefaultDays : Read("from", from, isEnd: false);
        if (errors.Count == 0 && first >= end)
        {
            errors.Add("to", ["must be after from"]);
        }

        return errors.Count == 0 ? new DayRange(first, end) : throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, "The range is not valid.") { Errors = errors });

        int Read(string parameter, string text, bool isEnd)
        {
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                CheckYear(parameter, day.Year);
                return day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + (isEnd ? 1 : 0);
            }

            // A plus sign that was not percent-encoded arrives as a blank.
            if (DateTimeOffset.TryParseExact(text.Replace(' ', '+'), Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            {
                CheckYear(parameter, instant.UtcDateTime.Year);
                var whole = DayOf(instant);
                return isEnd && instant > DateTimeOffset.UnixEpoch.AddDays(whole) ? whole + 1 : whole;
            }

            errors.Add(parameter, ["must be a day such as 2026-01-31, or an instant such as 2026-01-31T12:00:00Z"]);
            return 0;
        }

        void CheckYear(string parameter, int year)
        {
            if (year is < FirstYear or > LastYear)
            {
                errors.TryAdd(parameter, [$"must lie in the years {FirstYear} to {LastYear}"]);
            }
        }
    }

    private static int DayOf(DateTimeOffset instant) => (int)Math.Floor((instant - DateTimeOffset.UnixEpoch).TotalDays);
}
