using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary>Takes what is sent by OTLP over HTTP, and understands as much of its protobuf as the tests ask for.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpReceiver _http;

    public OtlpReceiver() => _http = new HttpReceiver(ReceiveAsync);

    public Uri Endpoint => _http.Address;

    public ConcurrentBag<ReceivedSpan> Spans { get; } = [];

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    public void Dispose() => _http.Dispose();

    private async Task ReceiveAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        Understand(context.Request.Url!.AbsolutePath, body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>opentelemetry/proto: the request holds resources (1), each scopes (2), each spans or metrics (2).</summary>
    private void Understand(string path, byte[] request)
    {
        foreach (var item in Protobuf.Fields(request).Where(f => f.Number == 1)
            .SelectMany(resource => Protobuf.Fields(resource.Bytes)).Where(f => f.Number == 2)
            .SelectMany(scope => Protobuf.Fields(scope.Bytes)).Where(f => f.Number == 2))
        {
            var fields = Protobuf.Fields(item.Bytes).ToList();
            if (path == "/v1/traces")
            {
                Spans.Add(new ReceivedSpan(Hex(1), Hex(2), Hex(4), Text(5)));
            }
            else if (path == "/v1/metrics")
            {
                Metrics[Text(1)] = true;
            }

            string Hex(int number) => Convert.ToHexStringLower(fields.FirstOrDefault(f => f.Number == number).Bytes.Span);
            string Text(int number) => Encoding.UTF8.GetString(fields.FirstOrDefault(f => f.Number == number).Bytes.Span);
        }
    }
}

internal sealed record ReceivedSpan(string TraceId, string SpanId, string ParentId, string Name);

/// <summary>The wire format of Protocol Buffers: numbered fields, of which those of variable length have bytes.</summary>
internal static class Protobuf
{
    public static IEnumerable<(int Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var length = (tag & 7) switch
            {
                0 => Skip(message.Span, at),
                1 => 8,
                2 => (int)Varint(message.Span, ref at),
                5 => 4,
                var type => throw new InvalidDataException($"No wire type {type}."),
            };
            yield return ((int)(tag >> 3), message.Slice(at, length));
            at += length;
        }
    }

    private static int Skip(ReadOnlySpan<byte> message, int at)
    {
        var end = at;
        Varint(message, ref end);
        return end - at;
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
