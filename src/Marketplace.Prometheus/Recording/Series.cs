namespace Marketplace.Prometheus.Recording;

/// <summary>What one instrument has measured under one set of labels.</summary>
internal abstract class Series(string labels)
{
    /// <summary>As <see cref="LabelSet"/> writes them.</summary>
    public string Labels => labels;

    public abstract void Record(long value);

    public abstract void Record(double value);

    /// <summary>What is known now; null: nothing that is still true.</summary>
    /// <param name="collection">The number of the collection under way.</param>
    public abstract Point? Read(long collection);
}

/// <summary>A sum of what was added: a counter, or a gauge that goes up and down.</summary>
internal sealed class SumSeries(string labels) : Series(labels)
{
    private const int Whole = 0;
    private const int Fraction = 1;

    private readonly Stripes _stripes = new(width: 2);

    public override void Record(long value) => _stripes.Add(Whole, value);

    public override void Record(double value) => _stripes.Add(Fraction, value);

    public override Point Read(long collection) => new(Labels, _stripes.Sum(Whole) + _stripes.SumOfDoubles(Fraction));
}

/// <summary>The last value that was set; of an observed instrument only what this collection has observed.</summary>
internal sealed class ValueSeries(string labels, MetricRegistry? observedBy) : Series(labels)
{
    private double _value;
    private long _seen;

    public override void Record(long value) => Record((double)value);

    public override void Record(double value)
    {
        Volatile.Write(ref _value, value);
        Volatile.Write(ref _seen, observedBy?.Collection ?? 0);
    }

    public override Point? Read(long collection) =>
        observedBy is null || Volatile.Read(ref _seen) == collection ? new Point(Labels, Volatile.Read(ref _value)) : null;
}

/// <summary>How many values were at most as large as each bound, and their sum.</summary>
internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly Stripes _stripes = new(bounds.Length + 2);

    public override void Record(long value) => Record((double)value);

    public override void Record(double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        _stripes.Add(bucket, 1L);
        _stripes.Add(bounds.Length + 1, value);
    }

    public override Point Read(long collection)
    {
        var counts = new long[bounds.Length + 1];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = _stripes.Sum(i);
        }

        return new Point(Labels, _stripes.SumOfDoubles(bounds.Length + 1)) { Counts = counts };
    }
}
