using System.Diagnostics;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>The spans of records that are processed together, and end together. Used by one thread at a time.</summary>
internal sealed class RecordSpans
{
    /// <summary>A flood is traced in part: this many records at once.</summary>
    private const int MaxSpans = 1_000;

    private readonly List<Activity> _spans = [];

    /// <summary>Begins a span that goes on with the record's trace; null when the record has none, nobody listens, or there are enough.</summary>
    public Activity? Continue(string name, in RecordHeaders headers)
    {
        if (_spans.Count < MaxSpans && TraceContext.Continue(name, headers) is { } span)
        {
            _spans.Add(span);
            return span;
        }

        return null;
    }

    public void End()
    {
        var current = Activity.Current;
        _spans.ForEach(span => span.Dispose());
        _spans.Clear();
        Activity.Current = current;
    }
}
