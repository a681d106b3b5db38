using System.Globalization;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>Holds a folder for this process. The operating system lets go of it when the process ends, however it ends.</summary>
public sealed class FolderLock : IDisposable
{
    private const string FileName = "event-log.lock";

    /// <summary>Beside the locked file, which nobody else can open.</summary>
    private const string OwnerFileName = "event-log.pid";

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
            throw new DataFolderInUseException(folder, ReadOwner(folder));
        }

        WriteOwner(folder);
        return new FolderLock(file);
    }

    /// <summary>Leaves the process id for the message of whoever is refused. On a full disk the lock holds without it.</summary>
    private static void WriteOwner(string folder)
    {
        try
        {
            File.WriteAllText(Path.Combine(folder, OwnerFileName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
        }
    }

    private static string? ReadOwner(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, OwnerFileName)) is { Length: > 0 } owner ? owner : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
