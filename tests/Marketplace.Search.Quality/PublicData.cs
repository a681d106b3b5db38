namespace Marketplace.Search.Quality;

/// <summary>Public data sets, read in place from the folder that <c>MARKETPLACE_TEST_DATA</c> names.</summary>
internal static class PublicData
{
    public const string Variable = "MARKETPLACE_TEST_DATA";

    /// <summary>The path of a file, null when it is not there.</summary>
    public static string? Find(params ReadOnlySpan<string> parts)
    {
        var root = Environment.GetEnvironmentVariable(Variable);
        var path = string.IsNullOrEmpty(root) ? null : Path.Combine([root, .. parts]);
        return File.Exists(path) ? path : null;
    }
}
