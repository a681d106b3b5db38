using System.IO.Hashing;
using System.Text;
using Marketplace.EventLog;

namespace Marketplace.Mirror.Copying;

/// <summary>
/// Notices keys of compacted topics that both clusters write: the source's log has the records of both, its own and those that came
/// from the target. It remembers who wrote a key last in a table of fixed size, so of very many keys it may miss some; it never
/// reports one that is none, but for two keys of the same 63 bits.
/// </summary>
internal sealed class ConflictWatch
{
    private const int Slots = 1 << 20;
    private readonly ulong[] _seen = new ulong[Slots];
    private long _count;
    private string? _latest;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Topic and key of the latest conflict.</summary>
    public string? Latest => Volatile.Read(ref _latest);

    public void See(string topic, in StoredRecord record, bool fromTarget)
    {
        if (record.Key is not { } key)
        {
            return;
        }

        var hash = XxHash3.HashToUInt64(key.Span, topic.Length) ^ XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(topic));
        ref var slot = ref _seen[hash % Slots];
        var (mine, other) = ((hash & ~1UL) | (fromTarget ? 1UL : 0), (hash & ~1UL) | (fromTarget ? 0 : 1UL));
        if (slot == other)
        {
            Volatile.Write(ref _latest, $"{topic}: {Encoding.UTF8.GetString(key.Span)}");
            Volatile.Write(ref _count, _count + 1);
        }

        slot = mine;
    }
}
