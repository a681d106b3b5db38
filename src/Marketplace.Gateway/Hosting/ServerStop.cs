using Microsoft.AspNetCore.Hosting.Server;

namespace Marketplace.Gateway.Hosting;

/// <summary>
/// Stops the server before everything else and within a time of its own: a client that goes on sending must not use up
/// the time in which filter and sink bring their work to its end.
/// </summary>
internal sealed class ServerStop(IServer server, IHostApplicationLifetime lifetime, TimeProvider time) : IHostedLifecycleService
{
    /// <summary>After this, connections are aborted. What a client was not answered it may send again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Requests without an end are ended by this; a stop that is not asked for by a signal tells them only later.
        lifetime.StopApplication();
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await server.StopAsync(limit.Token);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
