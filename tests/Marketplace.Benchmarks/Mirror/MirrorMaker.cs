using System.Diagnostics;
using System.Globalization;
using Marketplace.Benchmarks.Kafka;
using Marketplace.Testing.Kafka;

namespace Marketplace.Benchmarks.Mirror;

/// <summary>MirrorMaker 2 of the Kafka that is measured on, as a dedicated process from one broker to another.</summary>
internal sealed class MirrorMaker : IDisposable
{
    private const double TicksPerSecond = 100;
    private readonly GuardedScript _process;
    private readonly string _folder;

    private MirrorMaker(GuardedScript process, string folder) => (_process, _folder) = (process, folder);

    /// <param name="folder">Holds its properties and its output.</param>
    public static MirrorMaker Start(string folder, LocalBroker source, LocalBroker target, string topic, bool exactlyOnce)
    {
        var (properties, script) = (Path.Combine(folder, "mm2.properties"), Path.Combine(folder, "start.sh"));
        File.WriteAllText(properties, $"""
            clusters=A,B
            A.bootstrap.servers={source.Address}
            B.bootstrap.servers={target.Address}
            A->B.enabled=true
            A->B.topics={topic}
            B->A.enabled=false
            A->B.sync.topic.acls.enabled=false
            A->B.refresh.topics.interval.seconds=5
            tasks.max=1
            replication.policy.class=org.apache.kafka.connect.mirror.IdentityReplicationPolicy
            replication.factor=1
            checkpoints.topic.replication.factor=1
            heartbeats.topic.replication.factor=1
            offset-syncs.topic.replication.factor=1
            offset.storage.replication.factor=1
            status.storage.replication.factor=1
            config.storage.replication.factor=1
            dedicated.mode.enable.internal.rest=true
            listeners=http://127.0.0.1:0
            exactly.once.source.support={(exactlyOnce ? "enabled" : "disabled")}
            """);
        File.WriteAllText(script, $"exec {KafkaCluster.Home}/bin/connect-mirror-maker.sh {properties}\n");
        return new MirrorMaker(GuardedScript.Start(script, folder, new Dictionary<string, string> { ["KAFKA_HEAP_OPTS"] = "-Xms512M -Xmx1G" }), folder);
    }

    /// <summary>What the process has used of the processors until now.</summary>
    public TimeSpan ProcessorTime()
    {
        // The script becomes the JVM; user and system time are the 12th and 13th field behind the name.
        var fields = File.ReadAllText($"/proc/{File.ReadAllText(Path.Combine(_folder, "pid")).Trim()}/stat").Split(") ")[1].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    public void Dispose() => _process.Dispose();
}
