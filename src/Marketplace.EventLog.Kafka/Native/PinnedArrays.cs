using System.Runtime.InteropServices;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>Keeps arrays where they are, so that the client may read from them instead of copying.</summary>
internal sealed class PinnedArrays : IDisposable
{
    /// <summary>Less is copied at no greater cost.</summary>
    private const int Worthwhile = 256;

    private readonly List<GCHandle> _handles = [];
    private byte[]? _last;

    /// <summary>False: this memory has to be copied.</summary>
    public bool Hold(ReadOnlyMemory<byte>? memory)
    {
        if (memory is not { Length: >= Worthwhile } bytes || !MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            return false;
        }

        // Values that follow each other stand in the buffer that they were read into.
        if (segment.Array != _last)
        {
            _last = segment.Array;
            _handles.Add(GCHandle.Alloc(_last, GCHandleType.Pinned));
        }

        return true;
    }

    public void Dispose()
    {
        _handles.ForEach(handle => handle.Free());
        _handles.Clear();
        _last = null;
    }
}
