using System.Collections.Concurrent;
using System.Reflection;
using Marketplace.EventLog.Kafka.Tests;
using Xunit.v3;

[assembly: Watched]
[assembly: AssemblyFixture(typeof(Watchdog))]

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>
/// A call into the native client that never returns heeds no token, so a test that hangs in one would hang the run: the
/// watchdog ends the process instead and says which test it was. Brokers and gateways end with the process.
/// </summary>
public sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan TestLimit = TimeSpan.FromMinutes(6);

    /// <summary>A slow machine takes twenty minutes; a run that hangs in between tests is to end before who started it gives up.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(24);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<string, (string Name, long Since)> Running = new();

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly ITimer? _timer;

    public Watchdog()
    {
        // The long forms take as long as they are asked to.
        if (Environment.GetEnvironmentVariable("KAFKA_KILLS") is null)
        {
            _timer = TimeProvider.System.CreateTimer(_ => Look(), null, Poll, Poll);
        }
    }

    public void Dispose() => _timer?.Dispose();

    internal static void Begin(IXunitTest test) => Running[test.UniqueID] = (test.TestDisplayName, TimeProvider.System.GetTimestamp());

    internal static void End(IXunitTest test) => Running.TryRemove(test.UniqueID, out _);

    private void Look()
    {
        var isOver = TimeProvider.System.GetElapsedTime(_started) > RunLimit;
        var late = Running.Values.Where(test => isOver || TimeProvider.System.GetElapsedTime(test.Since) > TestLimit).Select(test => test.Name).ToArray();
        if (isOver || late.Length > 0)
        {
            Environment.FailFast(isOver
                ? $"The tests have not ended in {RunLimit}; under way: {(late.Length > 0 ? string.Join(", ", late) : "none, a fixture hangs")}."
                : $"Still under way after {TestLimit}: {string.Join(", ", late)}.");
        }
    }
}

/// <summary>Tells the watchdog what is under way.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class WatchedAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Watchdog.Begin(test);

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Watchdog.End(test);
}
