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
