namespace Marketplace.Prometheus.Recording;

/// <summary>
/// Numbers that threads on different processors add to without meeting: each processor has cells of its own, on cache lines of
/// its own. Reading adds the processors' cells up.
/// </summary>
internal sealed class Stripes
{
    /// <summary>Two cache lines, since processors fetch them in pairs.</summary>
    private const int Padding = 128 / sizeof(long);

    private static readonly int Count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    private readonly long[][] _cells = new long[Count][];

    public Stripes(int width)
    {
        for (var i = 0; i < Count; i++)
        {
            _cells[i] = new long[width + (2 * Padding)];
        }
    }

    public void Add(int cell, long value) => Interlocked.Add(ref Own(cell), value);

    /// <summary>Adds to a cell that holds the bits of a double.</summary>
    public void Add(int cell, double value)
    {
        ref var own = ref Own(cell);
        for (var seen = Volatile.Read(ref own); ;)
        {
            var sum = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + value);
            var found = Interlocked.CompareExchange(ref own, sum, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    public long Sum(int cell)
    {
        var sum = 0L;
        foreach (var cells in _cells)
        {
            sum += Volatile.Read(ref cells[Padding + cell]);
        }

        return sum;
    }

    public double SumOfDoubles(int cell)
    {
        var sum = 0d;
        foreach (var cells in _cells)
        {
            sum += BitConverter.Int64BitsToDouble(Volatile.Read(ref cells[Padding + cell]));
        }

        return sum;
    }

    private ref long Own(int cell) => ref _cells[Thread.GetCurrentProcessorId() & (Count - 1)][Padding + cell];
}
