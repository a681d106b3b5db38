using System.Net;
using System.Text;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Shop;

public sealed class EmbeddedProductIngestionTests(EmbeddedGateway fixture) : ProductIngestionTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary><c>POST /shop/products</c> with one product, and <c>/check</c>.</summary>
public abstract class ProductIngestionTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string[]> Broken => new()
    {
        { "", ["$"] },
        { " ", ["$"] },
        { "{", ["$"] },
        { "товар", ["$"] },
        { "null", ["$"] },
        { "\"x\"", ["$"] },
        { "{} {}", ["$"] },
        { "{}", ["product_id", "name"] },
        { """{"product_id":7,"name":["x"]}""", ["product_id", "name"] },
        { Product(""), ["product_id"] },
        { Product("."), ["product_id"] },
        { Product(".."), ["product_id"] },
        { Product("rule:x"), ["product_id"] },
        { Product("a\tb"), ["product_id"] },
        { Product("a\u007fb"), ["product_id"] },
        { Product(new string('ж', 129)), ["product_id"] },
        { Product("a", ""), ["name"] },
        { Product("a", new string('x', 513)), ["name"] },
        { """{"product_id":"a","product_id":"b","name":"x"}""", ["product_id"] },
        { """{"product_id":"a","name":"x","price":{"amount":-1,"currency":"рубль"}}""", ["price.amount", "price.currency"] },
        { """{"product_id":"a","name":"x","price":{"amount":1e400}}""", ["price.amount"] },
        { """{"product_id":"a","name":"x","stock":{"available":99999999999999999999}}""", ["stock.available"] },
        { """{"product_id":"a","name":"x","images":[{"url":"http://ok.example/"},{"url":"/нет"},{"url":"ftp://a/b"}]}""", ["images[1].url", "images[2].url"] },
        { """{"product_id":"a","name":"x","tags":["a",1]}""", ["tags[1]"] },
        { """{"product_id":"a","name":"x","created_at":"вчера"}""", ["created_at"] },
        { $$"""{"product_id":"a","name":"x","own":{{Nested(200)}}}""", ["own"] },
        { $$"""{"product_id":"a","name":"x","own":{{Nested(5000)}}}""", ["own"] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_product_is_refused_by_field_and_nothing_is_written(string json, string[] fields) => await _gateway.WritesNothingAsync(async () =>
    {
        await _gateway.Http.SendProductsAsync(json).ProblemAsync(HttpStatusCode.BadRequest, fields);
        await _gateway.Http.SendProductsAsync(json, key: $"broken-{json.GetHashCode()}").ProblemAsync(HttpStatusCode.BadRequest, fields);
        if (json.Trim().Length > 0)
        {
            var check = await _gateway.Http.PostAsync("/shop/products/check", Body(json)).JsonAsync();
            check.GetProperty("valid").GetBoolean().ShouldBeFalse();
            Fields(check).ShouldBe(fields, ignoreOrder: true);
        }
    });

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("{\"product_id\":\"a\",\"name\":\""), 0xc3, 0x28, .. Encoding.UTF8.GetBytes("\"}")];
        await _gateway.WritesNothingAsync(async () =>
        {
            await _gateway.Http.PostAsync("/shop/products", Body(bytes)).ProblemAsync(HttpStatusCode.BadRequest, "$");
            await _gateway.Http.PostAsync("/shop/products", Body(Encoding.Unicode.GetBytes(Product("a")))).ProblemAsync(HttpStatusCode.BadRequest, "$");
        });
    }

    [Fact]
    public async Task A_product_over_a_mebibyte_is_refused_and_one_of_exactly_that_is_taken()
    {
        var empty = """{"product_id":"large","name":"x","own":""}""".Length;
        string OfSize(int bytes) => $$"""{"product_id":"large","name":"x","own":"{{new string('x', bytes - empty)}}"}""";
        await _gateway.WritesNothingAsync(() => _gateway.Http.SendProductsAsync(OfSize((1024 * 1024) + 1)).ProblemAsync(HttpStatusCode.BadRequest, "$"));
        await _gateway.Http.SendProductsAsync(OfSize(1024 * 1024)).JsonAsync(HttpStatusCode.Accepted);
        await _gateway.IsSoldAsync("large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=windows-1251")]
    public async Task Another_media_type_is_refused(string type) => await _gateway.WritesNothingAsync(async () =>
    {
        await _gateway.Http.SendProductsAsync(Product("media"), type).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        var untyped = Body(Product("media"));
        untyped.Headers.ContentType = null;
        await _gateway.Http.PostAsync("/shop/products", untyped).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await _gateway.Http.PostAsync("/shop/products/check", Body(Product("media"), "text/plain")).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        foreach (var media in new[] { "application/json", "application/x-ndjson" })
        {
            using var compressed = Body(Product("media"), media);
            compressed.Headers.ContentEncoding.Add("gzip");
            await _gateway.Http.PostAsync("/shop/products", compressed).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        }
    });

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON;charset=\"UTF-8\"")]
    public async Task The_media_type_may_name_its_charset(string type) =>
        await _gateway.Http.SendProductsAsync(Product("charset"), type).JsonAsync(HttpStatusCode.Accepted);

    [Fact]
    public async Task A_receipt_names_the_record()
    {
        var receipt = await _gateway.Http.SendProductsAsync(Product("чек/1")).JsonAsync(HttpStatusCode.Accepted);
        receipt.GetProperty("product_id").GetString().ShouldBe("чек/1");
        var partition = receipt.GetProperty("partition").GetInt32();
        partition.ShouldBe(KafkaPartitioner.PartitionFor(Encoding.UTF8.GetBytes("чек/1"), 6));
        var record = (await _gateway.ReadAsync(TopicNames.ShopProducts)).Single(r => r.Key == "чек/1");
        (record.Partition, record.Offset).ShouldBe((partition, receipt.GetProperty("offset").GetInt64()));
    }

    [Theory]
    [InlineData("""{"product_id":"bytes","name":"x"}""")]
    [InlineData("""  { "name" :  "\u0416\/х" ,"product_id":"\u0062ytes", "своё": [1.50, 1e2, -0, {"b":null}] , "z":"<&>'\"" }  """)]
    [InlineData("""{"product_id":"bytes","name":"x","own":1,"own":2,"price":{"amount":100.00,"currency":"usd","vat":20},"index":"тест"}""")]
    public async Task Bytes_are_passed_on_untouched_to_clients_and_to_the_file(string json)
    {
        var id = JsonDocument.Parse(json).RootElement.GetProperty("product_id").GetString()!;
        await _gateway.Http.SendProductsAsync(json).JsonAsync(HttpStatusCode.Accepted);
        await Wait.UntilAsync(async () => await (await _gateway.Http.GetAsync($"/client/products/{id}")).Content.ReadAsStringAsync() == json, $"clients are shown {json}");

        // Lines of other partitions may come behind it.
        await Wait.UntilAsync(async () => File.Exists(_gateway.SinkFile) && $"\n{await File.ReadAllTextAsync(_gateway.SinkFile)}".Contains($"\n{json}\n", StringComparison.Ordinal), "the file has the line");
    }

    [Fact]
    public async Task Only_line_breaks_between_tokens_are_taken_out()
    {
        const string Sent = "\uFEFF\r\n{\r\n  \"product_id\": \"lines\",\n\t\"name\": \"a\\nb\"\r\n}\n";
        const string Kept = "{  \"product_id\": \"lines\",\t\"name\": \"a\\nb\"}";
        await _gateway.Http.SendProductsAsync(Sent).JsonAsync(HttpStatusCode.Accepted);
        await _gateway.IsSoldAsync("lines");
        (await _gateway.Http.GetStringAsync("/client/products/lines")).ShouldBe(Kept);
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).Last(r => r.Key == "lines").Text.ShouldBe(Kept);
        await Wait.UntilAsync(async () => File.Exists(_gateway.SinkFile) && (await File.ReadAllLinesAsync(_gateway.SinkFile)).Contains(Kept), "the file has the line");
    }

    [Fact]
    public async Task Check_tells_the_ban_that_would_hit_and_writes_nothing()
    {
        await _gateway.Http.PutAsync("/banned/check-me", Body("""{"reason":"проверка"}""")).JsonAsync(HttpStatusCode.Created);
        await _gateway.WritesNothingAsync(async () =>
        {
            var banned = await _gateway.Http.PostAsync("/shop/products/check", Body(Product("check-me"))).JsonAsync();
            banned.GetProperty("valid").GetBoolean().ShouldBeTrue();
            banned.GetProperty("ban").GetProperty("reason").GetString().ShouldBe("проверка");
            var free = await _gateway.Http.PostAsync("/shop/products/check", Body(Product("check-free"))).JsonAsync();
            free.GetProperty("ban").ValueKind.ShouldBe(JsonValueKind.Null);
            var broken = await _gateway.Http.PostAsync("/shop/products/check", Body("""{"product_id":"check-me"}""")).JsonAsync();
            (broken.GetProperty("valid").GetBoolean(), broken.GetProperty("ban").ValueKind).ShouldBe((false, JsonValueKind.Object));
        });
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
