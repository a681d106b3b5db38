using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;
using Marketplace.EventLog;
using Marketplace.EventLog.Kafka.Setup;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Cli.Log;

/// <summary>Gives a cluster the topics and ACLs of the tables in <c>docker/setup</c>.</summary>
internal static class SetupCommand
{
    public static Command Create(CommandRunner runner)
    {
        var topics = new Option<FileInfo>("--topics") { HelpName = "файл", Description = "Таблица топиков (docker/setup/topics.tsv).", Required = true };
        var acls = new Option<FileInfo>("--acls") { HelpName = "файл", Description = "Таблица прав (docker/setup/acls.tsv).", Required = true };
        var cluster = new Option<string>("--cluster") { HelpName = "номер", Description = "Чьи строки таблиц: 1 или 2.", DefaultValueFactory = _ => "1" };
        var partitions = new Option<int>("--partitions") { HelpName = "число", Description = "Разделов у топиков, которые делятся по ключу (EventLog:Partitions).", DefaultValueFactory = _ => 6 };
        var reach = new ClusterOptions();
        var command = new Command("setup", "Создаёт в кластере Kafka недостающие топики и приводит права к таблице. Повторный запуск ничего не меняет.") { topics, acls, cluster, partitions };
        reach.AddTo(command);
        return runner.Run(command, async (run, cancellationToken) =>
        {
            try
            {
                var table = SetupTable.Parse(
                    await File.ReadAllLinesAsync(run.Get(topics)!.FullName, cancellationToken), await File.ReadAllLinesAsync(run.Get(acls)!.FullName, cancellationToken), run.Get(cluster)!, run.Get(partitions));
                using var setup = new ClusterSetup(reach.Of(run), run.Terminal.Time, NullLogger.Instance);
                var (created, added, removed) = await setup.RunAsync(table, cancellationToken);
                if (run.Json)
                {
                    await run.Terminal.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(new SetupAnswer(created, added, removed), GatewayJson.Default.SetupAnswer), cancellationToken);
                }
                else
                {
                    run.Screen.Line($"[green]Готово[/]: топиков создано {created}, прав добавлено {added}, убрано {removed}.");
                }

                return ExitCode.Ok;
            }
            catch (Exception e) when (e is FormatException or IOException)
            {
                throw new CommandFailure(ExitCode.Refused, e.Message);
            }
            catch (EventLogException e)
            {
                throw LogCommands.Failure(e);
            }
        });
    }
}

/// <summary>What <c>log setup --json</c> prints.</summary>
internal sealed record SetupAnswer(int TopicsCreated, int AclsAdded, int AclsRemoved);
