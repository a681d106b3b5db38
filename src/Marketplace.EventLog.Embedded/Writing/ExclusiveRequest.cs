using Marketplace.EventLog.Embedded.Sqlite;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>Work that has a transaction of its own: topics, epochs, maintenance.</summary>
internal abstract class ExclusiveRequest : WriteRequest
{
    /// <summary>Runs inside the transaction.</summary>
    public abstract void Execute(SqliteConnection connection);

    /// <summary>The transaction is durable; nothing else has been written since.</summary>
    public abstract void Succeed();
}

/// <param name="execute">Runs inside the transaction.</param>
/// <param name="publish">Shows the result to readers, on the writer's thread, once it is durable.</param>
internal sealed class ExclusiveRequest<T>(Func<SqliteConnection, T> execute, Action<T>? publish) : ExclusiveRequest
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private T _result = default!;

    public Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var request = (ExclusiveRequest<T>)state!;
                if (request.TryCancel())
                {
                    request._done.TrySetCanceled(token);
                }
            },
            this);
        return _done.Task;
    }

    public override void Execute(SqliteConnection connection) => _result = execute(connection);

    public override void Succeed()
    {
        _cancellation.Unregister();
        try
        {
            publish?.Invoke(_result);
            _done.TrySetResult(_result);
        }
        catch (Exception exception)
        {
            _done.TrySetException(exception);
            throw;
        }
    }

    public override void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _done.TrySetException(exception);
    }
}
