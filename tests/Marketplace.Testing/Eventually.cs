using System.Diagnostics;

namespace Marketplace.Testing;

/// <summary>Waits for conditions, never for a time.</summary>
public static class Eventually
{
    /// <summary>After this something hangs: a machine with two cores and other work beside may need a minute to start a process.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(3);

    /// <param name="what">Is waited for, for the message.</param>
    /// <param name="found">What there is instead; asked for only when the time is over.</param>
    /// <exception cref="TimeoutException">The condition did not hold within the limit.</exception>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, string what, TimeSpan limit, TimeSpan poll, Func<string>? found = null, CancellationToken cancellationToken = default)
    {
        for (var watch = Stopwatch.StartNew(); !await condition();)
        {
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"Not after {limit}: {what}. {found?.Invoke()}");
            }

            await Task.Delay(poll, cancellationToken);
        }
    }
}
