using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>The rows of <c>docker/setup/acls.tsv</c>: who may do what on cluster 1.</summary>
internal static class AclTable
{
    public static readonly string[] Principals = ["shop_api", "client_api", "moderator", "filter", "mirror", "connect"];

    public static readonly HashSet<(string Principal, string Resource, string Name, string Operation)> Grants = Read();

    public static IReadOnlyList<string> NamesOf(string resource) => [.. Grants.Where(grant => grant.Resource == resource && Principals.Contains(grant.Principal)).Select(grant => grant.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Describe comes with Read and Write.</summary>
    public static bool Allows(string principal, string resource, string name, string operation) =>
        Grants.Contains((principal, resource, name, operation))
        || (operation == "Describe" && (Grants.Contains((principal, resource, name, "Read")) || Grants.Contains((principal, resource, name, "Write"))));

    private static HashSet<(string, string, string, string)> Read() =>
    [
        .. File.ReadLines(Repository.Path("docker/setup/acls.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Where(row => row[0] is "1" or "both")
            .SelectMany(row => row[5].Split(',').Select(operation => (row[1], row[2], row[4], operation))),
    ];
}
