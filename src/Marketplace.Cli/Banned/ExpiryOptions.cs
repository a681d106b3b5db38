using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Banned;

/// <summary>Until when a ban lasts: an instant, or a duration from now.</summary>
internal sealed class ExpiryOptions
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    private readonly Option<string?> _at = new("--expires-at") { HelpName = "время", Description = "До этого времени: 2026-12-31, 2026-12-31T18:00 (по местным часам) или с поясом." };

    private readonly Option<TimeSpan?> _for = new("--for") { HelpName = "срок", Description = "На срок от этой минуты: 90s, 30m, 12h, 7d, 2w, 1d12h.", CustomParser = ParseDuration };

    public void AddTo(Command command)
    {
        command.Options.Add(_at);
        command.Options.Add(_for);
        _at.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !TryParse(token.Value, TimeZoneInfo.Utc, out _))
            {
                result.AddError($"--expires-at: «{token.Value}» — не время; нужно, например, 2026-12-31T18:00");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_at) is not null && result.GetResult(_for) is not null)
            {
                result.AddError("--expires-at и --for вместе не бывают");
            }
        });
    }

    public DateTimeOffset? Read(Invocation run)
    {
        var time = run.Terminal.Time;
        if (run.Get(_for) is { } duration)
        {
            return time.GetUtcNow() + duration;
        }

        return run.Get(_at) is { } text && TryParse(text, time.LocalTimeZone, out var instant) ? instant : null;
    }

    /// <summary>An instant without an offset is one of the zone's.</summary>
    internal static bool TryParse(string text, TimeZoneInfo zone, out DateTimeOffset instant)
    {
        instant = default;
        if (!DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var parsed))
        {
            return false;
        }

        if (parsed.Kind != DateTimeKind.Unspecified)
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
        }

        instant = new DateTimeOffset(parsed, zone.GetUtcOffset(parsed));
        return true;
    }

    /// <summary>Numbers with units, one after the other: weeks, days, hours, minutes, seconds.</summary>
    internal static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var number = -1L;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = Math.Max(number, 0) * 10 + (c - '0');
                if (number > 1_000_000_000)
                {
                    return false;
                }

                continue;
            }

            TimeSpan? unit = c switch
            {
                'w' => TimeSpan.FromDays(7),
                'd' => TimeSpan.FromDays(1),
                'h' => TimeSpan.FromHours(1),
                'm' => TimeSpan.FromMinutes(1),
                's' => TimeSpan.FromSeconds(1),
                _ => null,
            };
            if (unit is not { } known || number < 0 || (TimeSpan.FromDays(36_500) - duration) / known < number)
            {
                return false;
            }

            duration += number * known;
            number = -1;
        }

        return number < 0 && duration > TimeSpan.Zero;
    }

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (TryParse(text, out TimeSpan duration))
        {
            return duration;
        }

        result.AddError($"--for: «{text}» — не срок; нужно, например, 30m, 12h или 7d");
        return null;
    }
}
