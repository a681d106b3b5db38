using System.Collections.Concurrent;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>Readers and writers that their owners have not closed yet; the log closes them when it is closed itself.</summary>
internal sealed class OpenClients : IAsyncDisposable
{
    private readonly ConcurrentDictionary<IAsyncDisposable, byte> _clients = new();

    public void Add(IAsyncDisposable client) => _clients.TryAdd(client, 0);

    public void Remove(IAsyncDisposable client) => _clients.TryRemove(client, out _);

    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Keys.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
}
