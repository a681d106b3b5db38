using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>
/// The last reason why a client could not connect: calls themselves only time out, and the reason is told beside them.
/// </summary>
internal sealed class ClientHealth(KafkaLogOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>A cluster that is away is told of so often and no more.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private volatile Error? _refusal;
    private volatile string? _certificate;
    private volatile string? _connection;
    private long? _told;

    /// <summary>The cluster refused this principal or could not prove its own identity: waiting will not help.</summary>
    public Error? Refusal => _refusal;

    /// <summary>What TLS said of the broker's certificate, or null.</summary>
    public string? Certificate => _certificate;

    /// <summary>Why a broker was last not reached, with its address, or null.</summary>
    public string? Connection => _connection;

    public void Report(Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.SaslAuthenticationFailed:
                _refusal = error;
                break;
            case ErrorCode.Local_Transport or ErrorCode.Local_Resolve:
                _connection = error.Reason;
                break;
            case ErrorCode.Local_AllBrokersDown:
                _connection ??= Unencrypted;
                if (IsTime())
                {
                    KafkaLog.Unreachable(logger, options.Principal, options.Client.GetValueOrDefault("bootstrap.servers") ?? "", _connection ?? error.Reason);
                }

                break;
        }
    }

    public void Note(LogMessage line)
    {
        if (line.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
        {
            _certificate = line.Message;
        }
    }

    /// <summary>Something worked: earlier reasons are over.</summary>
    public void Clear() => (_refusal, _certificate, _connection) = (null, null, null);

    /// <summary>
    /// What all brokers being down without a reason means for a client that does not encrypt: they were reached and hung up, which
    /// librdkafka does not tell of. Null for one that does.
    /// </summary>
    private string? Unencrypted => options.Client.GetValueOrDefault("security.protocol") is var protocol && protocol?.EndsWith("SSL", StringComparison.OrdinalIgnoreCase) == true
        ? null
        : $"the brokers hang up on a connection without TLS (security.protocol is {protocol?.ToUpperInvariant() ?? "PLAINTEXT"})";

    private bool IsTime()
    {
        lock (_gate)
        {
            if (_told is { } told && time.GetElapsedTime(told) < Pace)
            {
                return false;
            }

            _told = time.GetTimestamp();
            return true;
        }
    }
}
