using System.CommandLine;
using Marketplace.Cli.Running;
using Marketplace.EventLog.Kafka;

namespace Marketplace.Cli.Log;

/// <summary>How the commands that work on a Kafka cluster reach it.</summary>
internal sealed class ClusterOptions
{
    public const string PasswordVariable = "KAFKA_PASSWORD";

    private readonly Option<string> _servers = new("--bootstrap-servers") { HelpName = "хост:порт,…", Description = "Брокеры кластера.", Required = true };
    private readonly Option<FileInfo?> _authority = new("--ca") { HelpName = "файл", Description = "Удостоверяющий центр кластера (certs/out/ca.crt); без него — системные." };
    private readonly Option<string> _user = new("--username") { HelpName = "имя", Description = $"Имя в кластере; пароль — в переменной {PasswordVariable}.", DefaultValueFactory = _ => "admin" };
    private readonly Option<int> _copies = new("--replication-factor") { HelpName = "число", Description = "Копий у топиков, которые надо создать.", DefaultValueFactory = _ => 3 };

    public void AddTo(Command command)
    {
        command.Add(_servers);
        command.Add(_authority);
        command.Add(_user);
        command.Add(_copies);
    }

    public KafkaLogOptions Of(Invocation run)
    {
        var (user, copies) = (run.Get(_user)!, run.Get(_copies));
        var client = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = run.Get(_servers)!,
            ["security.protocol"] = "SASL_SSL",
            ["sasl.mechanism"] = "PLAIN",
            ["sasl.username"] = user,
            ["sasl.password"] = Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password
                ? password
                : throw new CommandFailure(ExitCode.Usage, $"пароль пользователя {user} нужен в переменной {PasswordVariable}"),
        };
        if (run.Get(_authority) is { } authority)
        {
            using var file = InputFile.Open(authority.FullName);
            client["ssl.ca.location"] = authority.FullName;
        }

        return new KafkaLogOptions { Principal = user, Client = client, ReplicationFactor = copies, MinInSyncReplicas = Math.Min(2, copies) };
    }
}
