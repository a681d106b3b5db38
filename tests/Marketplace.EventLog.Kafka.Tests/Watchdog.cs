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
    private static readonly TimeSpan TestLimit = TimeSpan.FromMinutes(12);

    /// <summary>For so long no test may be under way: then a fixture hangs. How long the whole run takes is the machine's affair.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<string, (string Name, long Since)> Running = new();

    private static long _lastChange = TimeProvider.System.GetTimestamp();

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

    internal static void Begin(IXunitTest test)
    {
        var now = TimeProvider.System.GetTimestamp();
        Running[test.UniqueID] = (test.TestDisplayName, now);
        Volatile.Write(ref _lastChange, now);
    }

    internal static void End(IXunitTest test)
    {
        // Before it is removed: whoever then finds none under way finds the time, too.
        Volatile.Write(ref _lastChange, TimeProvider.System.GetTimestamp());
        Running.TryRemove(test.UniqueID, out _);
    }

    private static void Look()
    {
        var late = Running.Values.Where(test => TimeProvider.System.GetElapsedTime(test.Since) > TestLimit).Select(test => test.Name).ToArray();
        if (late.Length > 0)
        {
            Environment.FailFast($"Still under way after {TestLimit}: {string.Join(", ", late)}.");
        }

        if (Running.IsEmpty && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastChange)) > IdleLimit)
        {
            Environment.FailFast($"No test has been under way for {IdleLimit}: a fixture hangs.");
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
