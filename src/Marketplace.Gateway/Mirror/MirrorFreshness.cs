using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;
using Marketplace.Mirror.Copying;

namespace Marketplace.Gateway.Mirror;

/// <summary>How long records take from the source to the mirror, on live traffic, and the mirror's part of their traces.</summary>
internal sealed class MirrorFreshness(FreshnessMetrics freshness) : ICopyObserver
{
    private readonly List<long> _written = [];
    private readonly RecordSpans _spans = new();

    public void Taken(in StoredRecord record)
    {
        // What one append wrote has one timestamp and is measured once.
        if ((_written.Count == 0 || _written[^1] != record.Timestamp) && freshness.IsLive(record.Timestamp))
        {
            _written.Add(record.Timestamp);
        }

        _spans.Continue("mirror record", record.Headers);
    }

    public void Committed()
    {
        _written.ForEach(freshness.Mirrored);
        Dropped();
    }

    public void Dropped()
    {
        _written.Clear();
        _spans.End();
    }
}
