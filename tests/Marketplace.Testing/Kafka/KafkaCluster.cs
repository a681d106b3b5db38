using Confluent.Kafka;

namespace Marketplace.Testing.Kafka;

/// <summary>
/// Three secured brokers of a real Kafka, started from the files of <c>certs/</c> and <c>docker/</c> with this machine's names,
/// ports and folders. They end with the test process, however it ends.
/// </summary>
public sealed class KafkaCluster : IAsyncDisposable
{
    public const int Brokers = 3;
    private const int PortsPerBroker = 3;

    /// <summary>For Kafka's Java in tests: what lives for minutes on a machine that does other work beside is not worth being compiled twice.</summary>
    public const string BriefJava = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SetupLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MetadataLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly KafkaBroker[] _brokers;
    private readonly BrokerNetwork[] _network;
    private readonly Dictionary<string, string> _passwords;

    private KafkaCluster(string folder, string cluster, Dictionary<string, string> passwords, KafkaBroker[] brokers, BrokerNetwork[] network) =>
        (Folder, Number, _passwords, _brokers, _network) = (folder, cluster, passwords, brokers, network);

    /// <summary>Where the tests' Kafka is, or null: then tests that need it are skipped.</summary>
    public static string? Home => Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } home && Directory.Exists(home) ? home : null;

    /// <summary>1 or 2, as in the tables of <c>docker/setup</c>.</summary>
    public string Number { get; }

    public string Folder { get; }

    public string Certificates => Path.Combine(Folder, "certs");

    public string CaFile => Path.Combine(Certificates, "ca.crt");

    public string BootstrapServers => string.Join(',', _brokers.Select(broker => broker.Address));

    public IReadOnlyList<KafkaBroker> All => _brokers;

    /// <summary>How clients reach the brokers, of a cluster that was started with a network that can be made bad.</summary>
    public NetworkState Network
    {
        set => Array.ForEach(_network, broker => broker.State = value);
    }

    /// <summary>librdkafka's properties with which a principal connects.</summary>
    public Dictionary<string, string> ClientProperties(string principal) => new()
    {
        ["bootstrap.servers"] = BootstrapServers,
        ["security.protocol"] = "SASL_SSL",
        ["sasl.mechanism"] = "PLAIN",
        ["sasl.username"] = principal,
        ["sasl.password"] = PasswordOf(principal),
        ["ssl.ca.location"] = CaFile,
    };

    public string PasswordOf(string principal) => _passwords[$"{principal.ToUpperInvariant()}_PASSWORD"];

    /// <summary>Starts the brokers and makes the topics and ACLs; takes about a quarter of a minute on a quiet machine.</summary>
    /// <param name="cluster">1 or 2, as in the tables of <c>docker/setup</c>.</param>
    /// <param name="javaAgent">The agent in the Java of each broker, by its number from 1; null: none.</param>
    /// <param name="audited">Whether the brokers note what was allowed; see <see cref="AuditTrail"/>.</param>
    /// <param name="hasNetwork">Whether <see cref="Network"/> stands between brokers and clients.</param>
    public static async Task<KafkaCluster> StartAsync(
        string cluster, CancellationToken cancellationToken, Func<int, string>? javaAgent = null, bool audited = false, bool hasNetwork = false)
    {
        var home = Home ?? throw new InvalidOperationException("KAFKA_HOME names no Kafka.");
        var folder = Directory.CreateTempSubdirectory("marketplace-kafka-").FullName;
        var names = Enumerable.Range(1, Brokers).Select(node => $"kafka{cluster}-{node}").ToArray();
        var certificates = Path.Combine(folder, "certs");
        await Script.RunAsync(
            Repository.Path("certs/make-certs.sh"), ["--out", certificates, "--brokers", string.Join(' ', names)], [], SetupLimit, cancellationToken);
        var passwords = (await File.ReadAllLinesAsync(Path.Combine(certificates, "passwords.env"), cancellationToken))
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        var ports = Enumerable.Range(0, Brokers * PortsPerBroker).Select(_ => Ports.Free()).ToArray();
        var voters = string.Join(',', Enumerable.Range(0, Brokers).Select(n => $"{n + 1}@localhost:{ports[(n * PortsPerBroker) + 2]}"));
        var network = hasNetwork ? Enumerable.Range(0, Brokers).Select(n => new BrokerNetwork(ports[n * PortsPerBroker])).ToArray() : [];
        var brokers = names.Select((name, n) => new KafkaBroker(n + 1, ports[n * PortsPerBroker], Path.Combine(folder, name), new Dictionary<string, string>(passwords)
        {
            ["KAFKA_HOME"] = home,
            // The log cleaner takes 128 MB in one piece; in 256 it sometimes found none, and the broker ended.
            ["KAFKA_HEAP_OPTS"] = "-Xms96M -Xmx384M",
            ["KAFKA_JVM_PERFORMANCE_OPTS"] = BriefJava,
            ["KAFKA_LOG4J_OPTS"] = audited ? AuditTrail.OptionsFor(Path.Combine(folder, name)) : "",
            ["JAVA_AGENT"] = javaAgent?.Invoke(n + 1) ?? "",
            ["NODE_ID"] = $"{n + 1}",
            ["VOTERS"] = voters,
            ["CLUSTER_ID"] = passwords[$"CLUSTER{cluster}_ID"],
            ["HOST"] = "localhost",
            ["CERT_NAME"] = name,
            ["BIND"] = "127.0.0.1",
            ["EXTERNAL_PORT"] = $"{ports[n * PortsPerBroker]}",
            ["ADVERTISED_PORT"] = $"{(hasNetwork ? network[n].Port : ports[n * PortsPerBroker])}",
            ["INTERNAL_PORT"] = $"{ports[(n * PortsPerBroker) + 1]}",
            ["CONTROLLER_PORT"] = $"{ports[(n * PortsPerBroker) + 2]}",
            ["DATA_DIR"] = Path.Combine(folder, name, "data"),
            ["CERTS_DIR"] = certificates,
        }, hasNetwork ? network[n] : null)).ToArray();
        var started = new KafkaCluster(folder, cluster, passwords, brokers, network);
        try
        {
            Array.ForEach(brokers, broker => broker.Start());
            foreach (var broker in brokers)
            {
                await broker.WaitUntilUpAsync(StartLimit, cancellationToken);
            }

            await started.SetUpAsync(cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes topics and ACLs as the tables of <c>docker/setup</c> say.</summary>
    public Task SetUpAsync(CancellationToken cancellationToken) =>
        Script.RunAsync(Repository.Path("docker/setup/set-up.sh"), [], SetUpEnvironment(), SetupLimit, cancellationToken);

    /// <summary>Starts the brokers that are down and waits until all are up and every replica is in sync, so that the next one may be lost.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (var broker in _brokers)
        {
            if (broker.IsRunning)
            {
                broker.Resume();
            }
            else
            {
                broker.Start();
            }
        }

        foreach (var broker in _brokers)
        {
            await broker.WaitUntilUpAsync(StartLimit, cancellationToken);
        }

        // Without the client's own log: that some brokers are still starting is known.
        using var admin = new AdminClientBuilder(new Dictionary<string, string>(ClientProperties("admin")) { ["log_level"] = "0" }).Build();
        await Eventually.HoldsAsync(
            () => Task.Run(() => IsWhole(admin), cancellationToken), "every replica is in sync", StartLimit, Poll, cancellationToken: cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Array.ForEach(_brokers, broker => broker.Dispose());
        Array.ForEach(_network, broker => broker.Dispose());
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static bool IsWhole(IAdminClient admin)
    {
        try
        {
            var metadata = admin.GetMetadata(MetadataLimit);
            return metadata.Brokers.Count == Brokers
                && metadata.Topics.TrueForAll(topic => topic.Partitions.TrueForAll(partition => partition.InSyncReplicas.Length == partition.Replicas.Length));
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    private (string, string)[] SetUpEnvironment() =>
    [
        ("MARKETPLACE", Path.Combine(AppContext.BaseDirectory, "marketplace.dll")),
        ("BOOTSTRAP", BootstrapServers), ("CLUSTER", Number), ("ADMIN_PASSWORD", PasswordOf("admin")), ("CERTS_DIR", Certificates),
    ];
}
