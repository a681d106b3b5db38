namespace Marketplace.Gateway.Hosting;

/// <summary>Where a log that failed for good is reported: nothing more can be written, so the process stops and says so by its exit code.</summary>
public sealed partial class EventLogFailure(IHostApplicationLifetime lifetime, ILogger<EventLogFailure> logger)
{
    public const int ExitCode = 2;

    private int _reported;

    public void Report(Exception exception)
    {
        if (Interlocked.Exchange(ref _reported, 1) == 0)
        {
            Log.Failed(logger, exception);
            Environment.ExitCode = ExitCode;
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "The event log has failed for good; the gateway stops.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
