using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Hosting.Snapshots;

/// <summary>A model's state on the disk. It only saves time: whatever is wrong with it, the model is built from the log.</summary>
internal static class SnapshotFile
{
    private const int BufferBytes = 1024 * 1024;

    /// <param name="read">Returns null when the state is not of this log.</param>
    public static T? TryOpen<T>(string path, TimeProvider time, Func<Stream, T?> read)
        where T : class
    {
        try
        {
            if (!File.Exists(path) || time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) > TopicCatalog.TombstoneRetention)
            {
                return null;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            return read(file);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
