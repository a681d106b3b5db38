using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Clients;

/// <summary>
/// The last reason why a client could not connect: calls themselves only time out, and the reason is told beside them.
/// </summary>
internal sealed class ClientHealth
{
    private volatile Error? _refusal;
    private volatile string? _certificate;

    /// <summary>The cluster refused this principal or could not prove its own identity: waiting will not help.</summary>
    public Error? Refusal => _refusal;

    /// <summary>What TLS said of the broker's certificate, or null.</summary>
    public string? Certificate => _certificate;

    public void Report(Error error)
    {
        if (error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.SaslAuthenticationFailed)
        {
            _refusal = error;
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
    public void Clear() => (_refusal, _certificate) = (null, null);
}
