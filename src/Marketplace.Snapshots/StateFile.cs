namespace Marketplace.Snapshots;

/// <summary>Files of state that are replaced whole or not at all, whenever the process or the machine stops.</summary>
public static class StateFile
{
    /// <exception cref="IOException">It could not be written; the one before it is still there, and nothing else.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".new";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // On a full disk it would keep the room that the log needs.
            File.Delete(temporary);
            throw;
        }
    }
}
