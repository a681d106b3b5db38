using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>The end of a process that is asked to stop, under load.</summary>
public sealed partial class StopTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_stop_under_load_takes_at_most_10_s_and_loses_nothing_acknowledged()
    {
        var data = Directory.CreateTempSubdirectory("marketplace-stop-").FullName;
        using var process = GatewayProcess.Start(data, Ports.Free());
        using var http = new HttpClient { BaseAddress = process.Url };
        await process.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);

        var acknowledged = new List<string>();
        var posts = Task.Run(() => PostUntilRefusedAsync(http, acknowledged));
        var streaming = Task.Run(() => StreamUntilAnsweredAsync(process.Url));

        // A client that never comes to the end of its product must not hold the others.
        var waiting = Task.Run(() => SendWithoutEndAsync(process.Url));
        var sink = new FileInfo(Path.Combine(data, "filtered-products.txt"));
        await Wait.UntilAsync(() =>
        {
            sink.Refresh();
            return Task.FromResult(sink is { Exists: true, Length: > 100_000 });
        }, "products flow", () => process.Output);

        var watch = Stopwatch.StartNew();
        (await process.StopAsync(StopLimit)).ShouldBe(0, process.Output);
        watch.Elapsed.ShouldBeLessThan(StopLimit);
        process.Output.ShouldNotContain("fail:");
        await posts;
        (await waiting).ShouldStartWith("HTTP/1.1 503");
        var report = await streaming;
        report.ShouldStartWith("HTTP/1.1 503");

        // What the filter had no time for waits in the log; a next start does it.
        await CatchUpAsync(data, await WithLogAsync(data, async log => (await LogDump.ReadAsync(log, TopicNames.ShopProducts, CancellationToken.None)).Count));
        await WithLogAsync(data, async log =>
        {
            var audit = await LogAudit.RunAsync(log, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            audit.Faults.ShouldBeEmpty();
            var ids = audit.Shop.Select(r => r.Key).ToHashSet();
            acknowledged.Where(id => !ids.Contains(id)).ShouldBeEmpty();
            var next = int.Parse(NextIndex().Match(report).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            next.ShouldBeGreaterThan(0);
            Enumerable.Range(0, next).Where(n => !ids.Contains($"line-{n}")).ShouldBeEmpty();
            var sold = audit.Filtered.Where(r => r.Value is not null).Select(r => r.Text!).Order(StringComparer.Ordinal);
            File.ReadAllLines(Path.Combine(data, "filtered-products.txt")).Order(StringComparer.Ordinal).ShouldBe(sold);
            return true;
        });
        Directory.Delete(data, recursive: true);
    }

    private static async Task<T> WithLogAsync<T>(string data, Func<EmbeddedEventLog, Task<T>> use)
    {
        await using var log = await EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = Path.Combine(data, "log") }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None);
        return await use(log);
    }

    private static async Task CatchUpAsync(string data, int lines)
    {
        using var process = GatewayProcess.Start(data, Ports.Free(), "--Search:Enabled=false", "--Recommendations:Enabled=false");
        using var http = new HttpClient();
        await process.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);
        var sink = Path.Combine(data, "filtered-products.txt");
        await Eventually.HoldsAsync(() => Task.FromResult(File.ReadLines(sink).Count() >= lines), "the sink has every product", Eventually.HangLimit, Pace, () => process.Output);
        (await process.StopAsync(Eventually.HangLimit)).ShouldBe(0, process.Output);
    }

    private static async Task PostUntilRefusedAsync(HttpClient http, List<string> acknowledged)
    {
        for (var n = 0; ; n++)
        {
            try
            {
                using var answer = await http.SendProductsAsync(Product($"post-{n}"));
                if (answer.StatusCode != HttpStatusCode.Accepted)
                {
                    return;
                }

                acknowledged.Add($"post-{n}");
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    /// <summary>Sends a product whose end never comes, at a pace that the server does not take for a standstill; returns the answer.</summary>
    private static Task<string> SendWithoutEndAsync(Uri server) => ExchangeAsync(server, $"{Head(Json)}Content-Length: 30000000\r\n\r\n{{", async (stream, answered) =>
    {
        var spaces = Encoding.ASCII.GetBytes(new string(' ', 1024));
        while (await Task.WhenAny(answered, Task.Delay(Pace)) != answered)
        {
            await stream.WriteAsync(spaces);
        }
    });

    /// <summary>Sends lines until the server answers; returns the answer.</summary>
    private static Task<string> StreamUntilAnsweredAsync(Uri server) => ExchangeAsync(server, $"{Head(Ndjson)}Transfer-Encoding: chunked\r\n\r\n", async (stream, answered) =>
    {
        for (var n = 0; !answered.IsCompleted;)
        {
            var text = new StringBuilder();
            for (var end = n + 20; n < end; n++)
            {
                text.Append(Product($"line-{n}")).Append('\n');
            }

            var lines = Encoding.UTF8.GetBytes(text.ToString());
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{lines.Length:x}\r\n"));
            await stream.WriteAsync(lines);
            await stream.WriteAsync("\r\n"u8.ToArray());
        }
    });

    /// <summary>Sends and reads at the same time, as HTTP clients do not; an aborted connection is the answer's end.</summary>
    private static async Task<string> ExchangeAsync(Uri server, string head, Func<NetworkStream, Task, Task> send)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head));
        var answer = new StringBuilder();
        var reading = ReadAsync(stream, answer);
        try
        {
            await send(stream, reading);
        }
        catch (IOException)
        {
            // The server has hung up.
        }

        await reading;
        return answer.ToString();
    }

    private static async Task ReadAsync(NetworkStream stream, StringBuilder answer)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is var read and > 0)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (NextIndex().IsMatch(answer.ToString()))
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // What has come by then is the answer.
        }
    }

    private static string Head(string type) => $"POST /shop/products HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n";

    [GeneratedRegex("\"next_index\":(\\d+)")]
    private static partial Regex NextIndex();
}
