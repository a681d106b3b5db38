using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Requests byte by byte as given, which HTTP clients correct before they send.</summary>
internal static class RawHttp
{
    public static Task<(int Status, string Head, string Body)> SendAsync(Uri server, string method, string target, string body = "", params string[] headers) =>
        SendTextAsync(server, $"{method} {target} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + string.Concat(headers.Select(h => $"{h}\r\n"))
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static async Task<(int Status, string Head, string Body)> SendTextAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        var split = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = answer[..split];
        var rest = answer[(split + 4)..];
        return (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), head, head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? Unchunk(rest) : rest);
    }

    /// <summary>Every byte that is not a letter, a digit or one of <c>-._~</c> as a percent escape; with <paramref name="all"/>, those too.</summary>
    public static string Encode(string id, bool all = false) =>
        all ? string.Concat(Encoding.UTF8.GetBytes(id).Select(b => $"%{b:x2}")) : Uri.EscapeDataString(id);

    private static string Unchunk(string chunked)
    {
        var bytes = Encoding.UTF8.GetBytes(chunked);
        var text = new List<byte>();
        for (var at = 0; ;)
        {
            var end = Array.IndexOf(bytes, (byte)'\r', at);
            var size = int.Parse(Encoding.ASCII.GetString(bytes, at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return Encoding.UTF8.GetString([.. text]);
            }

            text.AddRange(bytes.AsSpan(end + 2, size));
            at = end + 2 + size + 2;
        }
    }
}
