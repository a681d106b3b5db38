using Marketplace.EventLog;
using Marketplace.Gateway.ReadModels;

namespace Marketplace.Gateway.Client.Events;

/// <summary>A batch of <c>client-events</c>, read once for all models; given back when the last of them is done with it.</summary>
internal sealed class EventBatch(RecordBatch records, int models) : FeedBatch(records, models)
{
    private readonly ParsedEvent[] _events = new ParsedEvent[records.Count];
    private readonly bool[] _counts = new bool[records.Count];

    /// <summary>True when this is the first record of its id, and can be read.</summary>
    public bool Counts(int index) => _counts[index];

    public ref readonly ParsedEvent Event(int index) => ref _events[index];

    public void Set(int index, in ParsedEvent parsed, bool counts)
    {
        _events[index] = parsed;
        _counts[index] = counts;
    }
}
