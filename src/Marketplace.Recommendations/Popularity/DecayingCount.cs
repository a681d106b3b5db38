using System.Runtime.CompilerServices;

namespace Marketplace.Recommendations.Popularity;

/// <summary>
/// Counts by period, of the newest <see cref="Periods"/> periods; older ones weigh less when they are summed. Integers, so that
/// neither the order of events nor the moment of asking changes what is kept.
/// </summary>
internal struct DecayingCount
{
    public const int Periods = 7;

    private Counts _counts;

    /// <summary>The newest period counted, plus one; 0: nothing was.</summary>
    private int _newest;

    /// <param name="period">Number of the period since the Unix epoch; one that fell out of the window is not counted.</param>
    public void Add(int period, uint amount)
    {
        var newest = _newest - 1;
        if (_newest == 0 || period > newest)
        {
            Advance(period);
        }
        else if (newest - period >= Periods)
        {
            return;
        }

        ref var count = ref _counts[period % Periods];
        count = amount > uint.MaxValue - count ? uint.MaxValue : count + amount;
    }

    /// <summary>
    /// Base-2 logarithm of Σ count · 2^(period / halfLife): forward decay (Cormode et al. 2009), by which the order of two
    /// counts is the same at every later instant. Negative infinity when nothing was counted.
    /// </summary>
    /// <param name="halfLife">In periods.</param>
    public readonly double ForwardLog(double halfLife)
    {
        if (_newest == 0)
        {
            return double.NegativeInfinity;
        }

        var newest = _newest - 1;
        var sum = 0d;
        for (var age = 0; age < Periods && age <= newest; age++)
        {
            sum += _counts[(newest - age) % Periods] * Math.Pow(2, -age / halfLife);
        }

        return Math.Log2(sum) + (newest / halfLife);
    }

    private void Advance(int period)
    {
        var newest = _newest - 1;
        if (_newest == 0 || period - newest >= Periods)
        {
            _counts = default;
        }
        else
        {
            for (var passed = newest + 1; passed <= period; passed++)
            {
                _counts[passed % Periods] = 0;
            }
        }

        _newest = period + 1;
    }

    [InlineArray(Periods)]
    private struct Counts
    {
        private uint _first;
    }
}
