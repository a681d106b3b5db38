using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Marketplace.EventLog;
using Marketplace.EventLog.Copying;
using Marketplace.EventLog.Embedded;
using Marketplace.EventLog.Kafka;
using Marketplace.EventLog.Kafka.Topics;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Marketplace.Cli.Log;

/// <summary>
/// Copies the embedded log into a cluster: what shops, moderators and clients put in, and the keys by which a repeated request is
/// known. What the filter made of it names offsets of the log it was made from, so the filter makes it anew on the cluster.
/// </summary>
internal static class CopyCommand
{
    private static readonly string[] Topics = ["shop-products", "banned-products", "client-events", "client-queries", "idempotency-keys"];

    public static Command Create(CommandRunner runner)
    {
        var from = new Option<DirectoryInfo>("--from") { HelpName = "папка", Description = "Папка данных шлюза (Data:Path); шлюз должен быть остановлен.", DefaultValueFactory = _ => new DirectoryInfo("data") };
        var reach = new ClusterOptions();
        var command = new Command("copy", "Копирует встроенный журнал в Kafka: разделы, порядок, ключи, заголовки и время сохраняются. Прерванное продолжается с того же места; в конце обе стороны сверяются.")
        {
            from,
        };
        reach.AddTo(command);
        return runner.Run(command, async (run, cancellationToken) =>
        {
            var options = reach.Of(run);
            var folder = Path.Combine(run.Get(from)!.FullName, "log");
            if (!Directory.Exists(folder))
            {
                throw new CommandFailure(ExitCode.Refused, $"в папке {run.Get(from)!.FullName} нет журнала событий");
            }

            try
            {
                await using var source = await EmbeddedEventLog.OpenAsync(
                    new EmbeddedLogOptions { Path = folder, MaintenanceInterval = Timeout.InfiniteTimeSpan }, run.Terminal.Time, NullLogger<EmbeddedEventLog>.Instance, cancellationToken);
                await using var target = new KafkaEventLog(options, run.Terminal.Time, new Random(), new CommittedEnds(), NullLogger<KafkaEventLog>.Instance);
                var digests = await run.WithBarAsync("копирую…", bar =>
                    new LogCopier(source, target).RunAsync(Topics, run.Json ? null : new Reporter(run.Screen, bar), cancellationToken));
                await WriteAsync(run, digests, cancellationToken);
                return ExitCode.Ok;
            }
            catch (EventLogException e)
            {
                throw LogCommands.Failure(e);
            }
        });
    }

    private static async Task WriteAsync(Invocation run, IReadOnlyList<PartitionDigest> digests, CancellationToken cancellationToken)
    {
        if (run.Json)
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartArray();
                foreach (var digest in digests)
                {
                    writer.WriteStartObject();
                    writer.WriteString("topic", digest.Partition.Topic);
                    writer.WriteNumber("partition", digest.Partition.Partition);
                    writer.WriteNumber("records", digest.Records);
                    writer.WriteString("sha256", digest.Sha256);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            await run.Terminal.WriteJsonAsync(buffer.ToArray(), cancellationToken);
            return;
        }

        run.Screen.Line($"[green]Скопировано и сверено[/]: записей {Words.Number(digests.Sum(digest => digest.Records))}, разделов {digests.Count}.");
    }

    /// <summary>Says how far each partition is: by a bar, or by lines where none is seen.</summary>
    private sealed class Reporter(Screen screen, ProgressTask? bar) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value)
        {
            var line = $"{Words.Markup($"{value.Partition}")}: {Words.Number(value.Position)} из {Words.Number(value.End)}";
            if (bar is null)
            {
                screen.Line(line);
                return;
            }

            bar.MoveTo((double)value.Position / value.End);
            bar.Description = line;
        }
    }
}
