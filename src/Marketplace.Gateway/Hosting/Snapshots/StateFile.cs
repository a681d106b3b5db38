namespace Marketplace.Gateway.Hosting.Snapshots;

/// <summary>Files of state that are replaced whole or not at all, whenever the process or the machine stops.</summary>
internal static class StateFile
{
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
