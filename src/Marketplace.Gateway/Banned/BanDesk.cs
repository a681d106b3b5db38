using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Banned;

/// <summary>Changes the banned list, and answers when the change is durable and part of the list here.</summary>
public sealed class BanDesk(IEventLog log, BanListFeed feed, TimeProvider time) : IDisposable
{
    /// <summary>One change at a time, so that «new» or «changed» is told of the list as it was right before.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>True when the product was not banned before.</summary>
    public Task<bool> BanAsync(byte[] productId, BanRequest request, CancellationToken cancellationToken) =>
        ChangeAsync(new LogRecord { Key = productId, Value = BanRecord.Write(request.Reason, request.ExpiresAt) }, cancellationToken);

    /// <summary>Always writes: a ban that another gateway has just put, and that is not known here yet, must be lifted too.</summary>
    public Task UnbanAsync(byte[] productId, CancellationToken cancellationToken) => ChangeAsync(LogRecord.Tombstone(productId), cancellationToken);

    public Ban? Find(ReadOnlySpan<byte> productId) => feed.Current.Find(productId, Now());

    /// <summary>Bans in force now, by product id.</summary>
    public IReadOnlyList<Ban> All() => [.. feed.Current.All.Where(ban => ban.IsInForce(Now())).OrderBy(ban => ban.Name, StringComparer.Ordinal)];

    public void Dispose() => _turn.Dispose();

    private async Task<bool> ChangeAsync(LogRecord change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var isNew = Find(change.Key!.Value.Span) is null;
            var at = await log.AppendAsync(TopicNames.BannedProducts, change, cancellationToken);
            await feed.WaitForAsync(at.Offset, cancellationToken);
            return isNew;
        }
        finally
        {
            _turn.Release();
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
