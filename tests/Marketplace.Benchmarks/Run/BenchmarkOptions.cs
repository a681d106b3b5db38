namespace Marketplace.Benchmarks.Run;

/// <summary>What the command line asked for; what it left open is decided by each benchmark, and less of it with <see cref="Short"/>.</summary>
internal sealed record BenchmarkOptions
{
    public required bool Short { get; init; }

    /// <summary>Seconds of load a round (a run, for freshness).</summary>
    public int? Seconds { get; init; }

    public int? RoundCount { get; init; }

    /// <summary>Products in place of each benchmark's own number.</summary>
    public int? Products { get; init; }

    /// <summary>Where data folders are made; the disk under it is what is measured.</summary>
    public required string Work { get; init; }

    /// <summary>Load by <c>wrk</c> instead of the load generator of this process.</summary>
    public bool Wrk { get; init; }

    public int Rounds(int full, int brief) => RoundCount ?? (Short ? brief : full);

    public TimeSpan Duration(int full, int brief) => TimeSpan.FromSeconds(Seconds ?? (Short ? brief : full));

    public int Count(int full, int brief) => Products ?? (Short ? brief : full);
}
