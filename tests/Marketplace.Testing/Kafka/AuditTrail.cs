using System.Text.RegularExpressions;

namespace Marketplace.Testing.Kafka;

/// <summary>One right that a broker was asked for and allowed.</summary>
/// <param name="Resource">topic, group or transactional-id, as in <c>docker/setup/acls.tsv</c>.</param>
/// <param name="Operation">As in the table: "Read", "DescribeConfigs".</param>
public readonly record struct AllowedUse(string Principal, string Resource, string Name, string Operation);

/// <summary>What the brokers of an audited cluster have allowed, from their authorizers' own log.</summary>
public static partial class AuditTrail
{
    private const string FileName = "authorizer.log";

    /// <summary>Java options of a broker that notes in its folder what it allows.</summary>
    public static string OptionsFor(string brokerFolder)
    {
        Directory.CreateDirectory(brokerFolder);
        var configuration = Path.Combine(brokerFolder, "log4j2.properties");
        File.WriteAllText(configuration, $"""
            appender.out.type=Console
            appender.out.name=out
            appender.out.layout.type=PatternLayout
            appender.out.layout.pattern=[%d] %p %m (%c)%n
            appender.audit.type=File
            appender.audit.name=audit
            appender.audit.fileName={Path.Combine(brokerFolder, FileName)}
            appender.audit.layout.type=PatternLayout
            appender.audit.layout.pattern=%m%n
            rootLogger.level=INFO
            rootLogger.appenderRef.out.ref=out
            logger.authorizer.name=kafka.authorizer.logger
            logger.authorizer.level=DEBUG
            logger.authorizer.additivity=false
            logger.authorizer.appenderRef.audit.ref=audit
            """);
        return $"-Dlog4j2.configurationFile=file:{configuration}";
    }

    /// <summary>The rights of these principals that nobody has asked for: whoever took one away would not have been noticed.</summary>
    public static IReadOnlyList<Grant> Unused(KafkaCluster cluster, params IEnumerable<string> principals)
    {
        var used = Read(cluster);
        return [.. GrantTable.Of(cluster.Number).Where(grant => principals.Contains(grant.Principal) && !used.Any(grant.IsUsedBy))];
    }

    private static HashSet<AllowedUse> Read(KafkaCluster cluster) =>
    [
        .. Directory.GetFiles(cluster.Folder, FileName, SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Select(line => Line().Match(line))
            .Where(match => match.Success)
            .Select(match => new AllowedUse(
                match.Groups["principal"].Value, match.Groups["resource"].Value.Replace("TransactionalId", "transactional-id", StringComparison.Ordinal).ToLowerInvariant(), match.Groups["name"].Value, Words(match.Groups["operation"].Value))),
    ];

    private static string Words(string constant) =>
        string.Concat(constant.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));

    [GeneratedRegex(@"Principal = User:(?<principal>\S+) is Allowed operation = (?<operation>\w+) from host = \S+ on resource = (?<resource>\w+):LITERAL:(?<name>.+?) for request")]
    private static partial Regex Line();
}
