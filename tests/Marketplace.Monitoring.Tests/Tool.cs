using System.Diagnostics;

namespace Marketplace.Monitoring.Tests;

/// <summary>A program of Debian's prometheus or prometheus-alertmanager; a test that lacks it is skipped and says so.</summary>
internal static class Tool
{
    /// <summary>Only for what would never end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static string Find(string name, string package)
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Append("/usr/bin").Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{name} is not installed (Debian's package {package}).");
        return found!;
    }

    /// <summary>Runs a tool in a folder of the project; both outputs, and a failed test unless it ends with 0.</summary>
    public static async Task<string> RunAsync(string path, string folder, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(path, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var timeout = new CancellationTokenSource(Limit);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        await process.WaitForExitAsync(timeout.Token);
        var all = await output + await errors;
        process.ExitCode.ShouldBe(0, $"{path} {string.Join(' ', start.ArgumentList)}\n{all}");
        return all;
    }
}
