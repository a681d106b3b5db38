using System.Diagnostics;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>The audit of a log whose gateways may still be judging: what is under way is not there yet; what is wrong stays wrong.</summary>
internal static class SettledAudit
{
    /// <summary>On a busy machine a cluster has taken over a minute to find its coordinators again; the audit asks what is right, not how soon.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

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
