using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>A step of a transaction failed; the transaction has to be taken back.</summary>
internal sealed class TransactionException(Error error, string resource, RecordTooLargeException? tooLarge = null) : Exception(error.Reason)
{
    public Error Error => error;

    public string Resource => resource;

    public RecordTooLargeException? TooLarge => tooLarge;
}
