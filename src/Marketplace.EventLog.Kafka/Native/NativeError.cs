using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>The errors that native calls return: each is the caller's to destroy, once.</summary>
internal static unsafe class NativeError
{
    /// <summary>What it says, after it has been destroyed; null where there was none.</summary>
    public static Error? Take(nint error)
    {
        if (error == 0)
        {
            return null;
        }

        var taken = new Error((ErrorCode)Librdkafka.ErrorCode(error), Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorString(error)), Librdkafka.ErrorIsFatal(error) != 0);
        Librdkafka.ErrorDestroy(error);
        return taken;
    }

    /// <summary>Throws what it says, as Confluent.Kafka does: whether it may be tried again, or ends the transaction, is told by the type.</summary>
    public static void Check(nint error)
    {
        if (error == 0)
        {
            return;
        }

        var (isRetriable, requiresAbort) = (Librdkafka.ErrorIsRetriable(error) != 0, Librdkafka.ErrorRequiresAbort(error) != 0);
        var taken = Take(error)!;
        throw isRetriable ? new KafkaRetriableException(taken) : requiresAbort ? new KafkaTxnRequiresAbortException(taken) : new KafkaException(taken);
    }
}
