using System.Globalization;
using System.Text;

namespace Marketplace.Benchmarks.Load;

/// <summary>HTTP/1.1 requests as bytes, made once and sent many times.</summary>
internal static class HttpRequests
{
    public const string Products = "/shop/products";
    public const string Events = "/client/events";
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    public static byte[] WithBody(string method, string path, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {Json}\r\nContent-Length: {body.Length}\r\n\r\n"));
        return [.. head, .. body];
    }

    public static byte[] ChunkedHead(string method, string path, string contentType) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n");
}
