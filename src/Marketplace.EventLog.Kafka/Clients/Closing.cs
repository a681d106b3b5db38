using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>Closing a native client blocks, and nothing ends it: it is waited for a while and then left to itself.</summary>
internal static class Closing
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static Task RunAsync(Action close, TimeProvider time, ILogger logger) => WaitAsync(Task.Run(close), time, logger);

    public static async Task WaitAsync(Task closed, TimeProvider time, ILogger logger)
    {
        await closed.WaitAsync(Limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closed.IsCompleted)
        {
            KafkaLog.NotClosed(logger);
        }
    }
}
