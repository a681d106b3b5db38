using System.Diagnostics;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>The audit of a log whose gateways may still be judging: what is under way is not there yet; what is wrong stays wrong.</summary>
internal static class SettledAudit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static async Task<LogAudit> RunAsync(IEventLog log, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var audit = await LogAudit.RunAsync(log, TimeProvider.System.GetUtcNow(), cancellationToken);
            if (audit.Faults.Count == 0 || watch.Elapsed > Limit)
            {
                return audit;
            }
        }
    }
}
