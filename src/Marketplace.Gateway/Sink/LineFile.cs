using System.Buffers;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Sink;

/// <summary>
/// The sink's file: one line a record, appended. What lies behind the length it is opened with was never committed and
/// is cut off.
/// </summary>
public sealed class LineFile : IDisposable
{
    private const int BufferBytes = 1024 * 1024;
    private const byte LineFeed = (byte)'\n';

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _lines = new(BufferBytes);

    /// <param name="length">The committed length; the file must have at least that.</param>
    public LineFile(string path, long length)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _file.SetLength(length);
        _file.Position = length;
    }

    public long Length => _file.Position;

    /// <summary>Writes a line for each record that has a value; visible to readers of the file at once, durable after <see cref="Sync"/>.</summary>
    public async ValueTask AppendAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        foreach (ref readonly var record in batch.Records)
        {
            if (record.Value is { } value)
            {
                WriteLine(value.Span);
            }
        }

        await _file.WriteAsync(_lines.WrittenMemory, cancellationToken);
        _lines.ResetWrittenCount();
    }

    public void Sync() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();

    /// <summary>In JSON a raw line break can stand only between tokens, so leaving it out keeps the record one line and the same value.</summary>
    private void WriteLine(ReadOnlySpan<byte> value)
    {
        for (var at = value.IndexOfAny("\r\n"u8); at >= 0; at = value.IndexOfAny("\r\n"u8))
        {
            _lines.Write(value[..at]);
            value = value[(at + 1)..];
        }

        _lines.Write(value);
        _lines.GetSpan(1)[0] = LineFeed;
        _lines.Advance(1);
    }
}
