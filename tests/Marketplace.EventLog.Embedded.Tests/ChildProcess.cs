using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.EventLog.Embedded.Tests;

/// <summary>
/// This program once more, as a process that can be killed: it appends five records at a time from several callers, without
/// end, and prints the number of each five when they are acknowledged.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    public const string Topic = "child";
    public const int RecordsInOne = 5;
    private const string FolderVariable = "MARKETPLACE_EVENT_LOG_CHILD_FOLDER";
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ChildProcess Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.Environment[FolderVariable] = folder;
        return new ChildProcess(Process.Start(start)!);
    }

    public async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The child has ended.");

    /// <summary>Kills it (SIGKILL) and returns what it had printed by then and nobody had read.</summary>
    public string[] Kill()
    {
        _process.Kill();
        var rest = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();

        // The last line may be half a line.
        return rest.Split('\n')[..^1];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>
    /// Runs before the test runner does, and instead of it. Other threads cannot enter this module until it returns, which it
    /// never does; so all of it happens on this thread, and the appends of one round are in flight together.
    /// </summary>
    [ModuleInitializer]
    internal static void RunAsChild()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } folder)
        {
            AppendWithoutEnd(folder);
        }
    }

    private static void AppendWithoutEnd(string folder)
    {
        var log = EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = folder, CheckpointBytes = 200_000 }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None)
            .GetAwaiter().GetResult();
        log.EnsureTopicsAsync([new TopicSpec(Topic, 1)], CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var first = log.GetRangeAsync(new TopicPartition(Topic, 0), CancellationToken.None).Result.End;
        var appends = new Task<RecordPosition[]>[4];
        for (var round = 0; ; round++)
        {
            for (var caller = 0; caller < appends.Length; caller++)
            {
                var text = Encoding.UTF8.GetBytes($"{first}-{caller}-{round}{new string(' ', 500)}");
                var records = new LogRecord[RecordsInOne];
                Array.Fill(records, new LogRecord { Key = text, Value = text });
                appends[caller] = log.AppendAsync(Topic, records, CancellationToken.None).AsTask();
            }

            for (var caller = 0; caller < appends.Length; caller++)
            {
                appends[caller].GetAwaiter().GetResult();
                Console.Out.WriteLine($"{first}-{caller}-{round}");
            }
        }
    }
}
