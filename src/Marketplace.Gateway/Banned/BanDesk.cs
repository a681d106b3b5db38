using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Banned;

/// <summary>Changes the banned list, and answers when the change is durable and part of the list here.</summary>
public sealed class BanDesk(BanListFeed feed, TimeProvider time) : IDisposable
{
    /// <summary>One change at a time, so that «new» or «changed» is told of the list as it was right before.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Puts a ban, in force from the answer on.</summary>
    /// <param name="write">Writes the record durably; it is told whether the product was not banned before. Null: nothing had to be written.</param>
    public Task BanAsync(byte[] productId, BanRequest request, Func<LogRecord, bool, Task<RecordPosition?>> write, CancellationToken cancellationToken) =>
        ChangeAsync(new LogRecord { Key = productId, Value = BanRecord.Write(request.Reason, request.ExpiresAt) }, write, cancellationToken);

    /// <summary>Always writes: a ban that another gateway has just put, and that is not known here yet, must be lifted too.</summary>
    public Task UnbanAsync(byte[] productId, Func<LogRecord, bool, Task<RecordPosition?>> write, CancellationToken cancellationToken) =>
        ChangeAsync(LogRecord.Tombstone(productId), write, cancellationToken);

    /// <exception cref="NotReadyException">The list is still being read, and what is not in it yet would be taken for not banned.</exception>
    public Ban? Find(ReadOnlySpan<byte> productId) => Current().Find(productId, Now());

    /// <summary>Bans in force now, by product id.</summary>
    /// <exception cref="NotReadyException">The list is still being read.</exception>
    public IReadOnlyList<Ban> All() => [.. Current().All.Where(ban => ban.IsInForce(Now())).OrderBy(ban => ban.Name, StringComparer.Ordinal)];

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(LogRecord change, Func<LogRecord, bool, Task<RecordPosition?>> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var isNew = Find(change.Key!.Value.Span) is null;
            if (await write(change, isNew) is { } at)
            {
                await feed.WaitForAsync(at.Offset, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private BanList Current() => feed.IsLoaded ? feed.Current : throw new NotReadyException("The banned list is still being read.");

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
