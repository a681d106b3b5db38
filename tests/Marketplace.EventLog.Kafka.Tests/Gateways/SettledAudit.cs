using System.Diagnostics;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>The audit of a log whose gateways may still be judging: what is under way is not there yet; what is wrong stays wrong.</summary>
internal static class SettledAudit
{
    public static async Task<LogAudit> RunAsync(IEventLog log, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var audit = await LogAudit.RunAsync(log, TimeProvider.System.GetUtcNow(), cancellationToken);
                if (audit.Faults.Count == 0 || watch.Elapsed > Eventually.HangLimit)
                {
                    return audit;
                }
            }
            catch (LogUnavailableException) when (watch.Elapsed <= Eventually.HangLimit)
            {
                // Coordinators of brokers that have just come back may still be loading.
            }
        }
    }
}
