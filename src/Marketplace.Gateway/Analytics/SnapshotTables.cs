using System.Runtime.InteropServices;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

/// <summary>Tables of plain values in snapshots.</summary>
internal static class SnapshotTables
{
    public static void WriteTable<TKey, TValue>(this SnapshotWriter writer, Dictionary<TKey, TValue> table)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        writer.Write(table.Count);
        foreach (var (key, value) in table)
        {
            writer.Write(key);
            writer.Write(value);
        }
    }

    public static Dictionary<TKey, TValue> ReadTable<TKey, TValue>(this SnapshotReader reader)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        var count = reader.ReadCount();
        var table = new Dictionary<TKey, TValue>(Math.Min(count, 1 << 20));
        for (var i = 0; i < count; i++)
        {
            var key = reader.Read<TKey>();
            CollectionsMarshal.GetValueRefOrAddDefault(table, key, out _) = reader.Read<TValue>();
        }

        return table;
    }
}
