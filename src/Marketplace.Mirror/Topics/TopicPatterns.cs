using System.Text.RegularExpressions;

namespace Marketplace.Mirror;

/// <summary>Which topics are mirrored: names in which <c>*</c> stands for any characters. Kafka's internal topics (<c>__…</c>) never are.</summary>
public sealed class TopicPatterns
{
    private const string Internal = "__";
    private readonly Regex[] _matches;

    public TopicPatterns(IEnumerable<string> patterns)
    {
        Patterns = [.. patterns.Select(pattern => pattern.Trim()).Where(pattern => pattern.Length > 0)];
        _matches = [.. Patterns.Select(pattern => new Regex(
            $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))];
    }

    public static TopicPatterns All { get; } = new(["*"]);

    public IReadOnlyList<string> Patterns { get; }

    public bool Match(string topic) => !topic.StartsWith(Internal, StringComparison.Ordinal) && _matches.Any(pattern => pattern.IsMatch(topic));

    /// <summary>The patterns that none of the topics matches: mistyped, or ahead of their time.</summary>
    public IEnumerable<string> WithoutMatch(IReadOnlyCollection<string> topics) => Patterns.Where((_, n) => !topics.Any(_matches[n].IsMatch));
}
