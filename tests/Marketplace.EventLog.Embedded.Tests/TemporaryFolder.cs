namespace Marketplace.EventLog.Embedded.Tests;

public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("event-log-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
