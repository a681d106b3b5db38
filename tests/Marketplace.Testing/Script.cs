using System.Diagnostics;

namespace Marketplace.Testing;

/// <summary>Runs a shell script to its end.</summary>
public static class Script
{
    /// <returns>What it wrote to both outputs.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds what it wrote.</exception>
    public static async Task<string> RunAsync(
        string script, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (code, output) = await TryAsync(script, arguments, environment, limit, cancellationToken);
        return code == 0 ? output : throw new InvalidOperationException($"{script} ended with {code}:\n{output}");
    }

    public static async Task<(int ExitCode, string Output)> TryAsync(
        string script, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
