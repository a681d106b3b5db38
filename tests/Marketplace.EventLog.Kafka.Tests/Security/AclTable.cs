using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>Who may do what on cluster 1, as its table says.</summary>
internal static class AclTable
{
    public static readonly string[] Principals = ["shop_api", "client_api", "moderator", "filter", "mirror", "connect"];

    private static readonly HashSet<(string Principal, string Resource, string Name, string Operation)> Grants =
        [.. GrantTable.Of("1").Select(grant => (grant.Principal, grant.Resource, grant.Name, grant.Operation))];

    public static IReadOnlyList<string> NamesOf(string resource) => [.. Grants.Where(grant => grant.Resource == resource && Principals.Contains(grant.Principal)).Select(grant => grant.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Describe comes with Read and Write.</summary>
    public static bool Allows(string principal, string resource, string name, string operation) =>
        Grants.Contains((principal, resource, name, operation))
        || (operation == "Describe" && (Grants.Contains((principal, resource, name, "Read")) || Grants.Contains((principal, resource, name, "Write"))));
}
