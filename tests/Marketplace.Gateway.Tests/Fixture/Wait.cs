using System.Diagnostics;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Waits for conditions, never for a time.</summary>
public static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what, Func<string>? found = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException($"Not after {Limit}: {what}. {found?.Invoke()}");
            }

            await Task.Delay(Poll);
        }
    }
}
