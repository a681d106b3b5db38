namespace Marketplace.Testing.Kafka;

/// <summary>One right of <c>docker/setup/acls.tsv</c>.</summary>
/// <param name="Name">Of the resource; the beginning of names where the pattern is prefixed; <c>*</c>: all.</param>
public readonly record struct Grant(string Principal, string Resource, bool IsPrefix, string Name, string Operation)
{
    public bool IsUsedBy(AllowedUse use) => use.Principal == Principal && use.Resource == Resource && use.Operation == Operation
        && (Name == "*" || (IsPrefix ? use.Name.StartsWith(Name, StringComparison.Ordinal) : use.Name == Name));

    public override string ToString() => $"{Principal} {Operation} {Resource} {Name}";
}

/// <summary>The rows of <c>docker/setup/acls.tsv</c>: who may do what.</summary>
public static class GrantTable
{
    /// <param name="cluster">1 or 2.</param>
    public static HashSet<Grant> Of(string cluster) =>
    [
        .. File.ReadLines(Repository.Path("docker/setup/acls.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Where(row => row[0] == cluster || row[0] == "both")
            .SelectMany(row => row[5].Split(',').Select(operation => new Grant(row[1], row[2], row[3] == "prefixed", row[4], operation))),
    ];
}
