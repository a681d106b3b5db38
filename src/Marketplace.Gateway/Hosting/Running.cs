using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Health;

namespace Marketplace.Gateway.Hosting;

/// <summary>Runs the host and says by a line and by the exit code how it ended.</summary>
public static partial class Running
{
    /// <summary>A background part died; the host stopped because of it.</summary>
    private const int PartFailed = 3;

    public static async Task<int> RunToExitCodeAsync(this WebApplication app)
    {
        var parts = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Marketplace.Gateway.Hosting");

        // Taken now: a host that does not start is disposed of before it can be asked.
        var lifetime = app.Lifetime;
        using var told = lifetime.ApplicationStopping.Register(() => TellFailures(parts, logger));
        try
        {
            await app.RunAsync();
        }
        catch (Exception e) when (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                Log.NotStarted(logger, e.Message, Unforeseen(e));
            }

            return StartRefusedException.ExitCode;
        }

        return Environment.ExitCode != 0
            ? Environment.ExitCode
            : parts.Any(part => part.ExecuteTask is { IsFaulted: true }) ? PartFailed : 0;
    }

    private static void TellFailures(IEnumerable<BackgroundService> parts, ILogger logger)
    {
        foreach (var part in parts)
        {
            if (part.ExecuteTask?.Exception?.InnerException is { } failure)
            {
                Log.PartFailed(logger, (part as IReadinessPart)?.Name ?? part.GetType().Name, failure.Message, Unforeseen(failure));
            }
        }
    }

    /// <summary>What the log says of itself is fit for an operator as it is; anything else is a defect, and needs its stack.</summary>
    private static Exception? Unforeseen(Exception failure) => failure is EventLogException ? null : failure;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The gateway does not start: {Reason}")]
        public static partial void NotStarted(ILogger logger, string reason, Exception? defect);

        [LoggerMessage(Level = LogLevel.Critical, Message = "The gateway stops, as {Part} cannot go on: {Reason}")]
        public static partial void PartFailed(ILogger logger, string part, string reason, Exception? defect);
    }
}
