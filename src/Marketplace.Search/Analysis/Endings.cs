namespace Marketplace.Search.Analysis;

/// <summary>Suffixes of one step of a stemmer, longest first; each carries the number of its group.</summary>
internal sealed class Endings
{
    private readonly (string Text, int Group)[] _all;

    /// <param name="groups">Space-separated suffixes of group 0, 1, …</param>
    public Endings(params string[] groups) => _all = groups
        .SelectMany((list, group) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => (text, group)))
        .OrderByDescending(e => e.text.Length)
        .ToArray();

    /// <summary>The longest suffix that lies within <paramref name="region"/>; its length, 0 for none.</summary>
    public int Find(ReadOnlySpan<char> region, out int group)
    {
        foreach (var (text, number) in _all)
        {
            if (region.EndsWith(text, StringComparison.Ordinal))
            {
                group = number;
                return text.Length;
            }
        }

        group = -1;
        return 0;
    }
}
