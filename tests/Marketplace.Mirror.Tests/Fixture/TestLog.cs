using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Mirror.Tests.Fixture;

/// <summary>An embedded log in a folder of its own that can be closed, opened, saved, restored and made anew.</summary>
public sealed class TestLog(TimeProvider time) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mirror-").FullName;
    private EmbeddedEventLog? _log;

    public EmbeddedEventLog Log => _log!;

    public string Folder => _folder;

    public async Task OpenAsync() => _log = await EmbeddedEventLog.OpenAsync(
        new EmbeddedLogOptions { Path = _folder, MaintenanceInterval = Timeout.InfiniteTimeSpan, MinCleanableRatio = 0 }, time, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None);

    public async Task CloseAsync()
    {
        await _log!.DisposeAsync();
        _log = null;
    }

    /// <summary>Copies the closed log's files, as a backup does.</summary>
    public string Save()
    {
        var backup = Directory.CreateTempSubdirectory("mirror-backup-").FullName;
        Copy(_folder, backup);
        return backup;
    }

    /// <summary>Puts a backup in the closed log's place.</summary>
    public void Restore(string backup)
    {
        Wipe();
        Copy(backup, _folder);
        Directory.Delete(backup, recursive: true);
    }

    /// <summary>Deletes the closed log.</summary>
    public void Wipe()
    {
        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Delete(file);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
