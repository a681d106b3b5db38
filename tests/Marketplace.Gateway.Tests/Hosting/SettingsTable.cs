using System.Text.RegularExpressions;
using Marketplace.Testing;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>The settings that the README lists: a row may name several, <c>:Name</c> beside the one before, <c>{A,B}</c> one or the other.</summary>
internal static partial class SettingsTable
{
    /// <summary>Paths as rules write them (<c>*</c> for any segment) with the default, where the table says one in so many words.</summary>
    public static IReadOnlyList<(string Path, string? Default)> Read() =>
        [.. File.ReadLines(Repository.Path("README.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && Code().IsMatch(cells[1]) && cells[1].Contains(':', StringComparison.Ordinal))
            .SelectMany(cells => Row(cells[1], cells[2]))];

    private static IEnumerable<(string, string?)> Row(string names, string defaults)
    {
        var paths = new List<string>();
        foreach (var name in Spans(names))
        {
            paths.AddRange(Expand(name.StartsWith(':') ? paths[^1][..paths[^1].LastIndexOf(':')] + name : name));
        }

        var values = Spans(defaults);
        var isPlain = values.Count > 0 && Code().Replace(defaults, "").Trim(' ', ',').Length == 0;
        return paths.Select((path, index) => (path, !isPlain ? null : values.Count == 1 ? values[0] : values[index]));
    }

    private static IEnumerable<string> Expand(string name)
    {
        var match = Choice().Match(name.Replace("{n}", "*", StringComparison.Ordinal));
        return !match.Success
            ? [name.Replace("{n}", "*", StringComparison.Ordinal)]
            : match.Groups[2].Value.Split(',').SelectMany(one => Expand(match.Groups[1].Value + one + match.Groups[3].Value));
    }

    private static List<string> Spans(string cell) => [.. Code().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^(.*?)\\{([^}]+)\\}(.*)$")]
    private static partial Regex Choice();
}
