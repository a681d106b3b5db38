using System.Net;
using System.Text;
using System.Text.Json;
using Marketplace.Gateway.Tests.Fixture;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Wire;

public sealed class EmbeddedWireTests(EmbeddedKestrelGateway fixture) : WireTests(fixture), IClassFixture<EmbeddedKestrelGateway>;

/// <summary>What only a real server shows: limits, pieces, half requests.</summary>
public abstract class WireTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task A_body_in_pieces_is_one_body()
    {
        using var content = new PushContent(Json);
        var sending = _gateway.Http.SendAsync(Request(HttpMethod.Post, "/shop/products", content));
        foreach (var piece in Product("pieces").Chunk(7))
        {
            await content.WriteAsync(new string(piece));
        }

        await content.EndAsync();
        (await sending.JsonAsync(HttpStatusCode.Accepted)).GetProperty("product_id").GetString().ShouldBe("pieces");
    }

    [Fact]
    public async Task An_announced_body_over_32_MiB_is_refused_before_it_comes()
    {
        var answer = await RawHttp.SendTextAsync(
            _gateway.BaseAddress, $"POST /shop/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {(32 * 1024 * 1024) + 1}\r\n\r\n");
        answer.Status.ShouldBe(413);
        answer.Head.ShouldContain("application/problem+json");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%D0%B6")]
    [InlineData("%E2%82%AC")]
    public async Task The_longest_query_that_is_taken_fits_into_a_line(string character)
    {
        var answer = await RawHttp.SendTextAsync(
            _gateway.BaseAddress, $"GET /client/search?q={string.Concat(Enumerable.Repeat(character, 10_000))} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        answer.Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_stream_of_lines_may_be_longer_than_32_MiB()
    {
        var line = $$"""{"product_id":"long-stream","name":"x","own":"{{new string('x', 1_000_000)}}"}""" + "\n";
        using var content = new PushContent(Ndjson);
        var sending = _gateway.Http.SendAsync(Request(HttpMethod.Post, "/shop/products", content));
        for (var n = 0; n < 36; n++)
        {
            await content.WriteAsync(line);
        }

        await content.EndAsync();
        (await sending.JsonAsync(HttpStatusCode.Accepted)).GetProperty("accepted").GetInt64().ShouldBe(36);
    }

    [Fact]
    public async Task Half_a_product_writes_nothing() => await _gateway.WritesNothingAsync(async () =>
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(_gateway.BaseAddress.Host, _gateway.BaseAddress.Port);
        var half = Encoding.UTF8.GetBytes("POST /shop/products HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n" + Product("half"));
        var stream = client.GetStream();
        await stream.WriteAsync(half);
        client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        try
        {
            var answer = await reader.ReadToEndAsync();
            (answer.Length == 0 || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal)).ShouldBeTrue(answer);
        }
        catch (IOException)
        {
            // Nobody waits for an answer to half a request; a reset is as good.
        }
    });

    [Theory]
    [InlineData("Idempotency-Key: ")]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: b")]
    public async Task An_empty_or_doubled_idempotency_key_is_refused(string header) => await _gateway.WritesNothingAsync(async () =>
    {
        var answer = await RawHttp.SendAsync(_gateway.BaseAddress, "POST", "/shop/products", Product("no-key"), header);
        answer.Status.ShouldBe(400, answer.Body);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("detail").GetString()!.ShouldContain("Idempotency-Key");
    });

    [Fact]
    public async Task Bytes_come_out_of_a_real_server_as_they_went_in()
    {
        const string Sent = """ {"name":"\u00e9é","product_id":"wire" ,"n":1.0e+2}""";
        (await RawHttp.SendAsync(_gateway.BaseAddress, "POST", "/shop/products", Sent)).Status.ShouldBe(202);
        await _gateway.IsSoldAsync("wire");
        (await RawHttp.SendAsync(_gateway.BaseAddress, "GET", "/client/products/wire")).Body.ShouldBe(Sent);
    }
}
