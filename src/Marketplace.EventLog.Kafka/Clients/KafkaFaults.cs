using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>Says in the port's words what a Kafka error means.</summary>
internal sealed class KafkaFaults(string principal, ClientHealth health)
{
    /// <summary>An operator has to act; asking every second would help nobody.</summary>
    private static readonly TimeSpan OperatorPace = TimeSpan.FromSeconds(15);

    public static bool IsFenced(Error error) =>
        error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.FencedInstanceId;

    /// <summary>The group has a newer generation than the one the transaction was sent with.</summary>
    public static bool IsStaleGeneration(Error error) => error.Code is ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress;

    public static bool IsAuthorization(Error error) => error.Code
        is ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed;

    public static bool IsUnknownTopic(Error error) => error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    public static bool IsTooLarge(Error error) => error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize;

    /// <summary>A topic that was there is not known to the broker that was asked: it is waited for, as the broker may just be starting.</summary>
    public static LogUnavailableException Missing(string topic, Exception? cause = null) => new($"The cluster does not know topic '{topic}' at the moment, though it was there.", cause);

    /// <summary>Topics that are missing, or hidden from the principal, which may not make them.</summary>
    public static LogUnavailableException NotSetUp(string principal, string topics, Exception cause) =>
        new($"The cluster has no {topics}, or hides it from principal '{principal}', which may not make it: `marketplace log setup` makes topics and ACLs.", cause) { RetryAfter = OperatorPace };

    /// <param name="operation">The ACL operation that was needed, such as <c>Write</c>.</param>
    /// <param name="resource">On what, such as <c>topic 'shop-products'</c>.</param>
    public EventLogException Of(Error error, string operation, string resource, Exception? cause = null)
    {
        if (IsAuthorization(error))
        {
            var on = error.Code switch
            {
                ErrorCode.ClusterAuthorizationFailed => "the cluster",
                _ => resource,
            };
            return new LogUnavailableException($"Principal '{principal}' lacks {operation} on {on}: add it to the cluster's ACLs.", cause) { RetryAfter = OperatorPace, IsDenied = true };
        }

        if (Refusal(cause) is { } refused)
        {
            return refused;
        }

        // A call that nobody answered says only that; why a broker was not reached is more to the point.
        var reason = error.IsLocalError && health.Connection is { } connection ? $"{error.Reason} ({connection})" : error.Reason;
        return new LogUnavailableException($"The cluster did not do {operation} on {resource} for '{principal}': {reason}.", cause);
    }

    /// <summary>The client could not connect for a reason that waiting will not change, or null.</summary>
    public LogUnavailableException? Refusal(Exception? cause)
    {
        if (health.Refusal is not { } refusal)
        {
            return null;
        }

        var why = refusal.Code switch
        {
            ErrorCode.Local_Ssl => $"the brokers' certificate is not to be trusted, or they speak no TLS: {health.Certificate ?? refusal.Reason}",
            _ when refusal.Reason.Contains("supported mechanisms", StringComparison.Ordinal) => $"the brokers do not know its SASL mechanism: {refusal.Reason}",
            _ => $"name or password is wrong: {refusal.Reason}",
        };
        return new LogUnavailableException($"Principal '{principal}' cannot connect to the cluster, {why}", cause) { RetryAfter = OperatorPace, IsDenied = refusal.Code != ErrorCode.Local_Ssl };
    }
}
