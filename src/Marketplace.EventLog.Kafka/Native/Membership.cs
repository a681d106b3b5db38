using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>
/// Who a consumer is in its group at one moment: member id and generation. Positions are sent with what was taken before the
/// partitions' owner was checked, so that the coordinator refuses them if the group has moved on since (KIP-447).
/// </summary>
internal sealed unsafe class Membership : SafeHandle
{
    private Membership(nint metadata)
        : base(0, ownsHandle: true) => SetHandle(metadata);

    public override bool IsInvalid => handle == 0;

    /// <summary>
    /// False where the consumer is no member at this moment. That must not be sent: without member and generation a coordinator takes
    /// positions of a transaction from anybody, as it has to from clients older than KIP-447.
    /// </summary>
    public bool IsCurrent => !IsInvalid && Librdkafka.GroupMetadataGeneration(handle) >= 0 && Librdkafka.GroupMetadataMember(handle) is var member && member != null && *member != 0;

    /// <summary>Blocks until the consumer's own thread has answered.</summary>
    /// <exception cref="ObjectDisposedException">The member has left its group.</exception>
    public static Membership Of(IClient consumer)
    {
        using var client = new HeldClient(consumer);
        return new Membership(Librdkafka.GroupMetadata(client.Pointer));
    }

    /// <summary>A group without a member: nobody else may move its positions at the same time.</summary>
    public static Membership Outside(string group) => new(Librdkafka.GroupMetadataNew(group));

    protected override bool ReleaseHandle()
    {
        Librdkafka.GroupMetadataDestroy(handle);
        return true;
    }
}
