using System.Collections.Concurrent;

namespace Marketplace.EventLog.Embedded.Groups;

/// <summary>The consumer groups of this process, by name.</summary>
internal sealed class GroupCoordinator(TimeProvider time, TimeSpan sessionTimeout) : IDisposable
{
    private readonly ConcurrentDictionary<string, ConsumerGroup> _groups = new(StringComparer.Ordinal);

    public ConsumerGroup Get(string name) => _groups.GetOrAdd(name, _ => new ConsumerGroup(time, sessionTimeout));

    public void Dispose()
    {
        foreach (var group in _groups.Values)
        {
            group.Dispose();
        }
    }
}
