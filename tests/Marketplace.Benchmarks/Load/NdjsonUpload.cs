using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Marketplace.Benchmarks.Load;

/// <summary>Sends one stream of lines, as a shop with a large catalogue would.</summary>
internal static class NdjsonUpload
{
    /// <summary>Sends the pieces, whole lines each, and waits for the 202.</summary>
    /// <returns>Lines accepted and the time from the first byte sent to the whole answer.</returns>
    public static Task<(long Accepted, TimeSpan Elapsed)> RunAsync(IPEndPoint server, string path, IEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(server, path, pieces, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static (long Accepted, TimeSpan Elapsed) Run(IPEndPoint server, string path, IEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        using var http = new HttpConnection(server);
        var start = Stopwatch.GetTimestamp();
        http.Send(HttpRequests.ChunkedHead("POST", path, HttpRequests.Lines));
        foreach (var piece in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            http.SendMore(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{piece.Length:x}\r\n")));
            http.SendMore(piece.Span);
            http.SendMore("\r\n"u8);
        }

        http.SendMore("0\r\n\r\n"u8);
        var answer = http.Receive(202);
        var elapsed = Stopwatch.GetElapsedTime(start);
        using var document = JsonDocument.Parse(answer.BodyText);
        return (document.RootElement.GetProperty("accepted").GetInt64(), elapsed);
    }
}
