namespace Marketplace.SampleData.Generation;

/// <summary>
/// A stream of pseudo-random numbers that begins at a seed and an index. SplitMix64: Steele, Lea, Flood,
/// "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
/// </summary>
internal struct Dice(int seed, int index)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(((ulong)(uint)seed << 32) | (uint)index);

    public ulong Next() => Mix(_state += Golden);

    /// <summary>0 to <paramref name="bound"/> - 1, evenly.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>0 (inclusive) to 1 (exclusive), evenly.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Mean 0, deviation 1, never beyond ±3.47: the sum of four even numbers, which is near enough to a bell for prices.</summary>
    public double Bell() => (Unit() + Unit() + Unit() + Unit() - 2) * 1.7320508;

    public T Pick<T>(T[] from) => from[Below(from.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
