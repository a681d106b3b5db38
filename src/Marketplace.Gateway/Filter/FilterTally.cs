namespace Marketplace.Gateway.Filter;

/// <summary>Verdicts of one commit by kind.</summary>
public sealed class FilterTally
{
    private readonly long[] _decisions = new long[Enum.GetValues<Verdict>().Length];

    public long Passed { get; set; }

    public long DeadLetters { get; set; }

    public long this[Verdict verdict] => _decisions[(int)verdict];

    public void Count(Verdict verdict) => _decisions[(int)verdict]++;

    public void Clear()
    {
        Array.Clear(_decisions);
        (Passed, DeadLetters) = (0, 0);
    }
}
