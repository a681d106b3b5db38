using System.Buffers;
using System.Text.Json;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Idempotency;

/// <summary>A first answer as it is kept; an empty body for answers without one.</summary>
public sealed record Answer(int Status, ReadOnlyMemory<byte> Body)
{
    public static Answer Of(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Problem.WriterOptions))
        {
            write(writer);
        }

        return new Answer(status, buffer.WrittenMemory);
    }

    public static Answer NoContent { get; } = new(StatusCodes.Status204NoContent, default);

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (!Body.IsEmpty)
        {
            response.ContentType = "application/json";
            response.ContentLength = Body.Length;
            await response.BodyWriter.WriteAsync(Body);
        }
    }
}
