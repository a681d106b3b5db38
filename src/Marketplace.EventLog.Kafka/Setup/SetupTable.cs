using System.Globalization;
using Confluent.Kafka.Admin;

namespace Marketplace.EventLog.Kafka.Setup;

/// <summary>
/// What a cluster is to have, from tables of tab-separated columns. The first column says of which cluster a row is, or
/// <c>both</c>; lines that are empty or begin with <c>#</c> say nothing.
/// </summary>
public sealed class SetupTable
{
    private const string Both = "both";
    private const string ByKey = "by-key";
    private const string ClusterName = "kafka-cluster";

    /// <summary>librdkafka's <c>RD_KAFKA_RESOURCE_TRANSACTIONAL_ID</c>, which the managed enumeration leaves out.</summary>
    private const ResourceType TransactionalId = (ResourceType)5;

    private SetupTable(IReadOnlyList<TopicSpecification> topics, IReadOnlyList<AclBinding> acls, IReadOnlySet<string> principals) =>
        (Topics, Acls, Principals) = (topics, acls, principals);

    internal IReadOnlyList<TopicSpecification> Topics { get; }

    internal IReadOnlyList<AclBinding> Acls { get; }

    /// <summary>All that the table names, of whatever cluster, as Kafka writes them.</summary>
    internal IReadOnlySet<string> Principals { get; }

    /// <param name="topics">Rows of: cluster, topic, partitions (a number, or <c>by-key</c>), settings (<c>name=value,…</c>).</param>
    /// <param name="acls">Rows of: cluster, principal, resource (topic, group, transactional-id, cluster), pattern (literal, prefixed), name, operations (<c>Read,Write,…</c>).</param>
    /// <param name="cluster">Whose rows are meant.</param>
    /// <param name="partitions">Partitions of the topics that are split by key.</param>
    /// <exception cref="FormatException">A row is not of this form; the message names the row.</exception>
    public static SetupTable Parse(IEnumerable<string> topics, IEnumerable<string> acls, string cluster, int partitions)
    {
        var grants = Rows(acls, columns: 6).ToArray();
        return new SetupTable(
            [.. Rows(topics, columns: 4).Where(row => IsOf(row, cluster)).Select(row => TopicOf(row, partitions))],
            [.. grants.Where(row => IsOf(row, cluster)).SelectMany(BindingsOf)],
            grants.Select(PrincipalOf).ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<string[]> Rows(IEnumerable<string> lines, int columns) => lines
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t') is { } row && row.Length == columns ? row : throw new FormatException($"{columns} columns with tabs between them are wanted: '{line}'."));

    private static bool IsOf(string[] row, string cluster) => row[0] == Both || row[0] == cluster;

    private static string PrincipalOf(string[] row) => $"User:{row[1]}";

    private static TopicSpecification TopicOf(string[] row, int partitions) => new()
    {
        Name = row[1],
        NumPartitions = row[2] == ByKey ? partitions
            : int.TryParse(row[2], CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"Topic '{row[1]}': '{row[2]}' is no number of partitions."),
        Configs = row[3].Split(',').Select(setting => setting.Split('=', 2)).ToDictionary(
            pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw new FormatException($"Topic '{row[1]}': '{pair[0]}' has no value.")),
    };

    private static IEnumerable<AclBinding> BindingsOf(string[] row) => row[5].Split(',').Select(operation => new AclBinding
    {
        Pattern = new ResourcePattern
        {
            Type = row[2] switch
            {
                "topic" => ResourceType.Topic,
                "group" => ResourceType.Group,
                "transactional-id" => TransactionalId,
                "cluster" when row[4] == ClusterName => ResourceType.Broker,
                _ => throw new FormatException($"'{row[2]}' '{row[4]}' is no resource: topic, group, transactional-id, or cluster with the name {ClusterName}."),
            },
            ResourcePatternType = row[3] switch
            {
                "literal" => ResourcePatternType.Literal,
                "prefixed" => ResourcePatternType.Prefixed,
                _ => throw new FormatException($"'{row[3]}' is no pattern: literal or prefixed."),
            },
            Name = row[4],
        },
        Entry = new AccessControlEntry
        {
            Principal = PrincipalOf(row),
            Host = "*",
            Operation = Enum.TryParse<AclOperation>(operation, out var known) ? known : throw new FormatException($"'{operation}' of {row[1]} on {row[4]} is no operation."),
            PermissionType = AclPermissionType.Allow,
        },
    });
}
