namespace Marketplace.Mirror.Copying;

/// <summary>Holds copying to a rate: whoever spent more than its time waits until it is paid. Up to a second may be saved up.</summary>
internal sealed class Pace(long? bytesPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Saved = TimeSpan.FromSeconds(1);
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _paidUntil;

    public async ValueTask SpendAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond is not { } rate || bytes == 0)
        {
            return;
        }

        var now = time.GetElapsedTime(_started);
        var from = _paidUntil > now - Saved ? _paidUntil : now - Saved;
        _paidUntil = from + TimeSpan.FromSeconds((double)bytes / rate);
        if (_paidUntil > now)
        {
            await Task.Delay(_paidUntil - now, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
