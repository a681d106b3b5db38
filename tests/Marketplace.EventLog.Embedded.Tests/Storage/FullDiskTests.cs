using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.EventLog.Embedded.Tests.Storage;

public sealed class FullDiskTests : EmbeddedTest
{
    private const string Topic = "t";
    private static readonly string Kilobytes = Incompressible(8000);

    public override async ValueTask InitializeAsync()
    {
        Harness.With = options => options with { MaxPages = 120 };
        await base.InitializeAsync();
        await EnsureAsync(Topic, spec => spec with { RetentionTime = TimeSpan.FromHours(1) });
    }

    [Fact]
    public async Task A_full_log_refuses_writers_serves_readers_and_heals_when_retention_makes_room()
    {
        var written = await FillAsync(Log);
        written.ShouldBeGreaterThan(10);
        (await ReadAsync(Topic)).Count.ShouldBe(written);
        await using (var writer = await Log.OpenWriterAsync("w", Token).AsTask().ContinueWith(opening => opening.IsCompletedSuccessfully ? opening.Result : null, Token))
        {
            if (writer is not null)
            {
                var batch = new AtomicBatch();
                batch.Add(Topic, Record("k", Incompressible(100_000)));
                batch.SetPosition("g", new TopicPartition(Topic, 0), new GroupPosition(1));
                await Should.ThrowAsync<LogUnavailableException>(async () => await writer.CommitAsync(batch, Token));
                (await Log.GetPositionsAsync("g", Token)).ShouldBeEmpty();
            }
        }

        Log.Failed.IsCompleted.ShouldBeFalse();
        Harness.Advance(TimeSpan.FromHours(2));
        await Harness.MaintainAsync();

        await Log.AppendAsync(Topic, Record("k", Kilobytes), Token);
        (await ReadAsync(Topic)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_written_before_it_was_full_is_there_after_a_restart_with_more_room()
    {
        var written = await FillAsync(Log);
        Harness.With = options => options;
        await Harness.ReopenAsync();
        (await ReadAsync(Topic)).Count.ShouldBe(written);
        await Log.AppendAsync(Topic, Record("k", Kilobytes), Token);
    }

    [Fact]
    public async Task A_disk_that_is_really_full_refuses_writers_serves_readers_and_heals_when_there_is_room()
    {
        using var disk = SmallDisk.TryMount() ?? throw new InvalidOperationException(Skip());
        await using (var log = await OpenAsync(disk.Path))
        {
            await log.EnsureTopicsAsync([new TopicSpec(Topic, 1)], Token);
            await log.AppendAsync(Topic, Record("k", Kilobytes), Token);
            var filler = Path.Combine(disk.Path, "filler");
            Fill(filler);
            var written = 1 + await FillAsync(log);
            (await CountAsync(log)).ShouldBe(written);
            log.Failed.IsCompleted.ShouldBeFalse();

            File.Delete(filler);
            await log.AppendAsync(Topic, Record("k", Kilobytes), Token);
            (await CountAsync(log)).ShouldBe(written + 1);
        }

        await using var again = await OpenAsync(disk.Path);
        await again.AppendAsync(Topic, Record("k", Kilobytes), Token);

        static string Skip()
        {
            Assert.Skip("A tmpfs cannot be mounted here (needs root on Linux).");
            return "";
        }
    }

    private Task<EmbeddedEventLog> OpenAsync(string folder) => EmbeddedEventLog.OpenAsync(
        new EmbeddedLogOptions { Path = folder, CheckpointBytes = 200_000 }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, Token);

    /// <summary>Appends until the log refuses; returns how many it took.</summary>
    private async Task<int> FillAsync(EmbeddedEventLog log)
    {
        for (var written = 0; ; written++)
        {
            try
            {
                await log.AppendAsync(Topic, Record($"{written}", Kilobytes), Token);
            }
            catch (LogUnavailableException)
            {
                return written;
            }
        }
    }

    private async Task<int> CountAsync(EmbeddedEventLog log)
    {
        var name = new TopicPartition(Topic, 0);
        var count = 0;
        await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [name] = LogOffset.Begin }, ReaderOptions.Default, Token);
        for (var end = (await log.GetRangeAsync(name, Token)).End; reader.PositionOf(name) < end;)
        {
            using var batch = await reader.ReadAsync(Token);
            count += batch!.Count;
        }

        return count;
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>A tmpfs of 4 MiB.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string path) => Path = path;

        public string Path { get; }

        public static SmallDisk? TryMount()
        {
            if (!OperatingSystem.IsLinux())
            {
                return null;
            }

            var disk = new SmallDisk(Directory.CreateTempSubdirectory("small-disk-").FullName);
            if (Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.Path))
            {
                return disk;
            }

            Directory.Delete(disk.Path);
            return null;
        }

        public void Dispose()
        {
            Run("umount", Path);
            Directory.Delete(Path);
        }

        private static bool Run(string command, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
