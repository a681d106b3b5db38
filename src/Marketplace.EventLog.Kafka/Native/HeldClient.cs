using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>
/// A client of Confluent.Kafka that is not destroyed before this is given back, and its native handle for the calls that its
/// managed side does not offer. The managed calls need it too wherever another thread may dispose of the client: they hand
/// librdkafka the bare pointer, and its memory would be freed under them.
/// </summary>
internal readonly struct HeldClient : IDisposable
{
    private readonly SafeHandle _handle;

    /// <exception cref="ObjectDisposedException">The client is gone.</exception>
    public HeldClient(IClient client)
    {
        _handle = (SafeHandle)LibrdkafkaHandle(client.Handle);
        var held = false;
        _handle.DangerousAddRef(ref held);
    }

    public nint Pointer => _handle.DangerousGetHandle();

    public void Dispose() => _handle.DangerousRelease();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object LibrdkafkaHandle(Handle handle);
}
