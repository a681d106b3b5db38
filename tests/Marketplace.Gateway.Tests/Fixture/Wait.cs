using Marketplace.Testing;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Waits as long as what happens in one process takes at most.</summary>
public static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static Task UntilAsync(Func<Task<bool>> condition, string what, Func<string>? found = null) => Eventually.HoldsAsync(condition, what, Limit, Poll, found);
}
