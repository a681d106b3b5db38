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
            // No buffer: what could not be written must not be tried again when the file is closed.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new DataFolderInUseException(folder, ReadOwner(path));
        }

        WriteOwner(file);
        return new FolderLock(file);
    }

    /// <summary>Leaves the process id for the message of whoever is refused. On a full disk the lock holds without it.</summary>
    private static void WriteOwner(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
        }
        catch (IOException)
        {
        }
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
