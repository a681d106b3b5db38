using System.Buffers;
using System.Text.Json;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>A small JSON answer with its length known, written without an object or a buffer of its own.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";
    private const int InitialBytes = 1024;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <param name="write">Writes one JSON value; it must not wait for anything.</param>
    public static void Write<T>(HttpResponse response, int status, T state, Action<Utf8JsonWriter, T> write)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(InitialBytes);
        var writer = _writer ??= new Utf8JsonWriter(buffer, Problem.WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset();
        write(writer, state);
        writer.Flush();
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > 64 * InitialBytes)
        {
            (_buffer, _writer) = (null, null);
        }
    }
}
