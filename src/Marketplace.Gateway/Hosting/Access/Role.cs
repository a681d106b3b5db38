namespace Marketplace.Gateway.Hosting.Access;

/// <summary>What an API key may do.</summary>
[Flags]
public enum Role
{
    None = 0,
    Shop = 1,
    Client = 2,
    Admin = 4,
}

/// <summary>The roles by the names settings and documents use.</summary>
public static class Roles
{
    public static IReadOnlyList<string> All { get; } = ["shop", "client", "admin"];

    public static bool TryParse(string name) => All.Contains(name, StringComparer.OrdinalIgnoreCase);

    public static Role Parse(string name) => Enum.Parse<Role>(name, ignoreCase: true);

    public static string NameOf(Role role) => role.ToString().ToLowerInvariant();
}

/// <summary>Endpoint metadata: the role that may use it.</summary>
public sealed record RequiredRole(Role Role);

public static class RequiredRoleExtensions
{
    /// <summary>Only keys with this role, or with <see cref="Role.Admin"/>, may use these endpoints.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredRole(role));
}
