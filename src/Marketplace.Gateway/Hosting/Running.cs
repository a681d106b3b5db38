namespace Marketplace.Gateway.Hosting;

/// <summary>Runs the host and says by the exit code how it ended.</summary>
public static class Running
{
    /// <summary>A background part died; the host stopped because of it.</summary>
    private const int PartFailed = 3;

    public static async Task<int> RunToExitCodeAsync(this WebApplication app)
    {
        var parts = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
        try
        {
            await app.RunAsync();
        }
        catch (Exception) when (!app.Lifetime.ApplicationStarted.IsCancellationRequested)
        {
            // The host has logged why.
            return StartRefusedException.ExitCode;
        }

        return Environment.ExitCode != 0
            ? Environment.ExitCode
            : parts.Any(part => part.ExecuteTask is { IsFaulted: true }) ? PartFailed : 0;
    }
}
