using Marketplace.Testing;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Waits for what happens in a gateway, which on a cluster and a busy machine may take long.</summary>
public static class Wait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static Task UntilAsync(Func<Task<bool>> condition, string what, Func<string>? found = null) => Eventually.HoldsAsync(condition, what, Eventually.HangLimit, Poll, found);
}
