namespace Marketplace.Search.Tests;

/// <summary>Public data sets that are read in place; a test that needs one is skipped where it is missing.</summary>
internal static class TestData
{
    public static string PathOf(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("MARKETPLACE_TEST_DATA");
        if (string.IsNullOrEmpty(root))
        {
            Assert.Skip("MARKETPLACE_TEST_DATA does not name the folder of test data.");
        }

        var path = Path.Combine([root, .. parts]);
        if (!File.Exists(path))
        {
            Assert.Skip($"The test data has no {Path.Combine(parts)}.");
        }

        return path;
    }
}
