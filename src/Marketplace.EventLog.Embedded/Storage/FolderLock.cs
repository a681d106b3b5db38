using System.Globalization;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>Holds a folder for this process. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string FileName = "event-log.lock";
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderInUseException">Another process, or another log of this one, holds the folder.</exception>
    public static FolderLock Acquire(string folder)
    {
        var path = Path.Combine(folder, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new DataFolderInUseException(folder, ReadOwner(path));
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new FolderLock(file);
    }

    private static string? ReadOwner(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd() is { Length: > 0 } owner ? owner : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
