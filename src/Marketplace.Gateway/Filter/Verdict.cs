namespace Marketplace.Gateway.Filter;

/// <summary>What a record of <c>filter-decisions</c> says; «passed» is said by <c>filtered-products</c> itself.</summary>
public enum Verdict
{
    /// <summary>A product arrived and a ban hit it.</summary>
    Banned,

    /// <summary>A product that was for sale was hit by a new ban.</summary>
    Removed,

    /// <summary>A ban was lifted or expired, and the product is for sale again.</summary>
    Restored,

    /// <summary>The shop took the product back.</summary>
    Withdrawn,
}

/// <summary>What every verdict is a function of, beside the product: the list's position and the instant (Unix milliseconds).</summary>
public readonly record struct VerdictBasis(long BanList, long AsOf);

/// <summary>What verdicts are called in <c>filter-decisions</c> and in the metrics.</summary>
internal static class VerdictNames
{
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Banned => "banned",
        Verdict.Removed => "removed",
        Verdict.Restored => "restored",
        _ => "withdrawn",
    };
}
