using System.Globalization;

namespace Marketplace.Gateway.Hosting.Settings;

/// <summary>A setting that exists: its path (<c>*</c> is any one segment, a last <c>**</c> any rest) and what it may be.</summary>
/// <param name="Wanted">What would be right, for the refusal.</param>
internal sealed record SettingRule(string Path, string Wanted, Func<string, bool> IsPossible)
{
    private readonly string[] _segments = Path.Split(':');

    public static SettingRule Text(string path, string wanted) => new(path, wanted, value => !string.IsNullOrWhiteSpace(value));

    public static SettingRule Any(string path) => new(path, "anything", _ => true);

    public static SettingRule Switch(string path) => new(path, "true or false", value => bool.TryParse(value, out _));

    public static SettingRule Whole(string path, int from, int to) => new(
        path,
        $"a whole number from {from} to {to}",
        value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to);

    /// <summary>What a cluster is called in its mirror's records.</summary>
    public static SettingRule Cluster(string path) => new(path, "a name of 1 to 64 ASCII letters, digits, '.', '_' and '-'", Marketplace.Mirror.MirrorOptions.IsClusterName);

    /// <summary>A time as .NET writes it (<c>01:00:00</c>, <c>7.00:00:00</c>), or <c>always</c>.</summary>
    public static SettingRule Duration(string path) => new(
        path, "a time such as 01:00:00 or 7.00:00:00 (days before the dot), or always", value => ParseDuration(value) is not null);

    /// <summary>Shorter than a day would take from under the read models what they have not read yet.</summary>
    public static SettingRule Retention(string path) => new(
        path, "a time of at least a day, such as 90.00:00:00 (days before the dot), or always", value => ParseDuration(value) >= TimeSpan.FromDays(1));

    public static SettingRule UpToAnHour(string path) => new(
        path, "a time from 00:00:00 to 01:00:00, such as 00:02:00", value => ParseDuration(value) <= TimeSpan.FromHours(1));

    public static SettingRule Share(string path) => new(
        path,
        "a number from 0 to 1, such as 0.5",
        value => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1);

    public static SettingRule HttpAddress(string path) => new(
        path,
        "an address such as http://localhost:4318",
        value => Uri.TryCreate(value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps));

    public static SettingRule Amount(string path) => new(
        path,
        "a number from 0 to 1000, such as 2.5",
        value => float.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is >= 0 and <= 1000);

    /// <summary>Null for what is none.</summary>
    public static TimeSpan? ParseDuration(string? value) =>
        "always".Equals(value, StringComparison.OrdinalIgnoreCase) ? TimeSpan.MaxValue
        : TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero && value!.Contains(':') ? time
        : null;

    public static SettingRule OneOf(string path, params string[] values) => new(
        path, $"one of {string.Join(", ", values)}", value => values.Contains(value, StringComparer.OrdinalIgnoreCase));

    /// <summary>Configuration keys are compared without regard to case, as everywhere in .NET.</summary>
    public bool Matches(string key)
    {
        var segments = key.Split(':');
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i] == "**")
            {
                return segments.Length > i;
            }

            if (i >= segments.Length || (_segments[i] != "*" && !_segments[i].Equals(segments[i], StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
        }

        return segments.Length == _segments.Length;
    }
}
