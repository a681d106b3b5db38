namespace Marketplace.Search.Terms;

/// <summary>Finds the terms that begin with given characters: buckets by the first two, within which the first four are compared at once.</summary>
internal sealed class PrefixIndex
{
    private const int Buckets = 4096;
    private const int Head = 4;

    private readonly TermList?[] _buckets = new TermList?[Buckets];

    public void Add(int term, ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
        {
            return;
        }

        ref var bucket = ref _buckets[BucketOf(text)];
        var list = bucket ?? new TermList();
        list.Add(term, HeadOf(text));
        Volatile.Write(ref bucket, list);
    }

    /// <summary>Adds to <paramref name="found"/> the terms longer than the prefix that begin with it; a prefix has at least two characters.</summary>
    public void Find(ReadOnlySpan<char> prefix, TermDictionary terms, List<int> found)
    {
        if (prefix.Length < 2 || Volatile.Read(ref _buckets[BucketOf(prefix)]) is not { } bucket)
        {
            return;
        }

        var head = HeadOf(prefix);
        var mask = prefix.Length >= Head ? ulong.MaxValue : (1UL << (16 * prefix.Length)) - 1;
        bucket.Read(out var ids, out var heads);
        for (var i = 0; i < ids.Length; i++)
        {
            if ((heads[i] & mask) != head)
            {
                continue;
            }

            if (prefix.Length < Head)
            {
                // Two letters begin thousands of words: whether there is one more is known without looking each of them up.
                if (heads[i] != head)
                {
                    found.Add(ids[i]);
                }
            }
            else if (terms.Text(ids[i]) is var text && text.Length > prefix.Length && text.StartsWith(prefix))
            {
                found.Add(ids[i]);
            }
        }
    }

    private static int BucketOf(ReadOnlySpan<char> text) => ((text[0] * 67) + text[1]) & (Buckets - 1);

    private static ulong HeadOf(ReadOnlySpan<char> text)
    {
        var head = 0UL;
        for (var i = Math.Min(Head, text.Length) - 1; i >= 0; i--)
        {
            head = (head << 16) | text[i];
        }

        return head;
    }
}
