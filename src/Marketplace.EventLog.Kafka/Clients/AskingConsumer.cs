using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Native;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>
/// Asks the cluster for offsets and groups' positions, in place of an admin client: librdkafka 2.15 ends the process when brokers go
/// while an admin client asks for either («eonce->refcnt» with offsets, the coordinator of a consumer that is not there with
/// positions). The consumer is replaced after an error: it goes on asking the broker that it once knew as the right one, for as
/// long as that one answers.
/// </summary>
internal sealed class AskingConsumer(Func<IConsumer<Ignore, Ignore>> make) : IDisposable
{
    private readonly Lock _gate = new();
    private IConsumer<Ignore, Ignore>? _consumer;
    private bool _disposed;

    /// <summary>Blocks as long as the question does.</summary>
    public T Ask<T>(Func<IConsumer<Ignore, Ignore>, T> question)
    {
        var consumer = Current();
        try
        {
            using var held = new HeldClient(consumer);
            return question(consumer);
        }
        catch (KafkaException)
        {
            Replace(consumer);
            throw;
        }
        catch (ObjectDisposedException) when (!_disposed)
        {
            // Another call has replaced it.
            throw new KafkaException(new Error(ErrorCode.Local_Transport));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _consumer?.Dispose();
        }
    }

    private IConsumer<Ignore, Ignore> Current()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _consumer ??= make();
        }
    }

    private void Replace(IConsumer<Ignore, Ignore> consumer)
    {
        lock (_gate)
        {
            if (_consumer != consumer || _disposed)
            {
                return;
            }

            _consumer = null;
        }

        consumer.Dispose();
    }
}
