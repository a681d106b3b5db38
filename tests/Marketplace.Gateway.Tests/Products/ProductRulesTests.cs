using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Tests.Products;

public sealed class ProductRulesTests
{
    [Theory]
    [InlineData("""{"product_id":"12345","name":"Умные часы XYZ"}""", "12345")]
    [InlineData("""{"name":"x","product_id":"склад/100% .x","own":{"a":[1,{"b":null}]}}""", "склад/100% .x")]
    [InlineData("""{"product_id":"a\/b\u0041","name":"x"}""", "a/bA")]
    [InlineData("""{"product_id":"1","name":"x","price":null,"stock":null,"tags":null,"images":null,"specifications":null,"created_at":null,"index":null}""", "1")]
    [InlineData("""{"product_id":"1","name":"x","price":{},"stock":{},"images":[{}],"tags":[]}""", "1")]
    [InlineData("""{"product_id":"1","name":"\ud83d\ude00","images":[{"url":"https://пример.рф/х.png"}]}""", "1")]
    [InlineData("""{"product_id":"1","name":"x","own":1,"own":2}""", "1")]
    [InlineData("""{"product_id":"rules","name":" "}""", "rules")]
    [InlineData("""{"product_id":"...","name":"x","index":7}""", "...")]
    public void Takes_what_is_right(string json, string id)
    {
        var check = ProductRules.Check(Encoding.UTF8.GetBytes(json));
        check.Errors.ShouldBeNull();
        Encoding.UTF8.GetString(check.Id.Span).ShouldBe(id);
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData(" ", "$")]
    [InlineData("null", "$")]
    [InlineData("[]", "$")]
    [InlineData("\"x\"", "$")]
    [InlineData("{", "$")]
    [InlineData("""{"product_id":"1","name":"x"}}""", "$")]
    [InlineData("""{"product_id":"1","name":"x",}""", "$")]
    [InlineData("""{"product_id":"1","name":"x"/**/}""", "$")]
    [InlineData("{}", "product_id", "name")]
    [InlineData("""{"product_id":null,"name":null}""", "product_id", "name")]
    [InlineData("""{"product_id":1,"name":2}""", "product_id", "name")]
    [InlineData("""{"product_id":"","name":""}""", "product_id", "name")]
    [InlineData("""{"product_id":".","name":"x"}""", "product_id")]
    [InlineData("""{"product_id":"..","name":"x"}""", "product_id")]
    [InlineData("""{"product_id":"\u002e","name":"x"}""", "product_id")]
    [InlineData("""{"product_id":"rule:x","name":"x"}""", "product_id")]
    [InlineData("""{"product_id":"a\u0000b","name":"x"}""", "product_id")]
    [InlineData("{\"product_id\":\"a\u0085b\",\"name\":\"x\"}", "product_id")]
    [InlineData("""{"product_id":"1","name":"x","price":{"amount":-1,"currency":"RUBLE"}}""", "price.amount", "price.currency")]
    [InlineData("""{"product_id":"1","name":"x","price":{"amount":"1"}}""", "price.amount")]
    [InlineData("""{"product_id":"1","name":"x","price":100}""", "price")]
    [InlineData("""{"product_id":"1","name":"x","stock":{"available":1.5,"reserved":-1}}""", "stock.available", "stock.reserved")]
    [InlineData("""{"product_id":"1","name":"x","tags":["a",1,null]}""", "tags[1]", "tags[2]")]
    [InlineData("""{"product_id":"1","name":"x","tags":"a"}""", "tags")]
    [InlineData("""{"product_id":"1","name":"x","images":[{"url":"a.jpg"},{"url":"ftp://a/b","alt":1},"x"]}""", "images[0].url", "images[1].url", "images[1].alt", "images[2]")]
    [InlineData("""{"product_id":"1","name":"x","specifications":[]}""", "specifications")]
    [InlineData("""{"product_id":"1","name":"x","created_at":"31.01.2026","updated_at":5}""", "created_at", "updated_at")]
    [InlineData("""{"product_id":"1","name":"x","name":"y"}""", "name")]
    [InlineData("""{"product_id":"1","name":"x","price":{"amount":1,"am\u006funt":2}}""", "price.amount")]
    [InlineData("""{"product_id":"1","name":"\ud83d"}""", "name")]
    [InlineData("""{"product_id":"1","name":"x","own":{"a":"\ude00"}}""", "own")]
    [InlineData("""{"product_id":"1","name":"x","description":1,"category":{},"brand":[],"sku":true,"store_id":1,"index":{}}""", "description", "category", "brand", "sku", "store_id", "index")]
    public void Refuses_what_is_wrong_and_says_where(string json, params string[] paths)
    {
        var check = ProductRules.Check(Encoding.UTF8.GetBytes(json));
        check.IsValid.ShouldBeFalse();
        check.Errors!.Keys.ShouldBe(paths, ignoreOrder: true);
        check.Errors.Values.ShouldAllBe(messages => messages.Length > 0 && messages.All(m => m.Length > 0));
    }

    [Fact]
    public void Counts_characters_and_not_bytes()
    {
        Check(Product(id: Repeat("ж", 128), name: Repeat("😀", 512))).IsValid.ShouldBeTrue();
        Check(Product(id: Repeat("ж", 129))).Errors!.Keys.ShouldBe(["product_id"]);
        Check(Product(name: Repeat("x", 513))).Errors!.Keys.ShouldBe(["name"]);
        Check(Product(name: Repeat("\\u0436", 512))).IsValid.ShouldBeTrue();
        Check(Product(name: Repeat("\\u0436", 513))).Errors!.Keys.ShouldBe(["name"]);
    }

    [Fact]
    public void Has_a_limit_of_depth_and_of_size()
    {
        Check(Deep(63)).IsValid.ShouldBeTrue();
        Check(Deep(64)).Errors!.Keys.ShouldBe(["own"]);
        Check(Deep(100_000)).Errors!.Keys.ShouldBe(["own"]);

        Check(Product(more: Repeat("x", ProductRules.MaxBytes - Product(more: "").Length))).IsValid.ShouldBeTrue();
        Check(Product(more: Repeat("x", ProductRules.MaxBytes - Product(more: "").Length + 1))).Errors!.Keys.ShouldBe(["$"]);

        static string Deep(int levels) => Product()[..^1] + $",\"own\":{Repeat("[", levels)}{Repeat("]", levels)}}}";
    }

    [Fact]
    public void Refuses_what_is_not_utf8()
    {
        var bytes = Encoding.UTF8.GetBytes(Product(name: "Z"));
        bytes[Array.LastIndexOf(bytes, (byte)'Z')] = 0xff;
        ProductRules.Check(bytes).Errors!["$"].Single().ShouldContain($"byte {Array.IndexOf(bytes, (byte)0xff) + 1}");
    }

    [Fact]
    public void A_thousand_mistakes_are_not_a_thousand_messages() =>
        Check(Product()[..^1] + $",\"tags\":[{Repeat("1,", 100_000)}1]}}").Errors!.Count.ShouldBe(20);

    /// <summary>The scanner decides alone only when it says yes, so its yes has to be the validator's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(12)]
    public void The_scanner_never_accepts_what_the_validator_refuses(int wrongness)
    {
        var random = new RandomProducts(seed: 20260131 + wrongness);
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < 15_000; i++)
        {
            var json = random.Next(wrongness);
            var bytes = Encoding.UTF8.GetBytes(json);
            var explained = ProductExplainer.Explain(bytes);
            var check = ProductRules.Check(bytes);
            check.IsValid.ShouldBe(explained.IsValid, json);
            check.Id.Span.SequenceEqual(explained.Id.Span).ShouldBeTrue(json);
            InAnArray(json, check);
            if (check.IsValid)
            {
                accepted++;
                AgreesWithAnIndependentReading(bytes, check);
            }
            else
            {
                refused++;
            }
        }

        accepted.ShouldBeGreaterThan(500);
        refused.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void A_valid_product_is_checked_without_allocation()
    {
        var bytes = Encoding.UTF8.GetBytes(RandomProducts.Ordinary(12345));
        ProductRules.Check(bytes).IsValid.ShouldBeTrue();

        // The runtime itself allocates on a thread now and then; a check that does, does so every time.
        Enumerable.Range(0, 5).Min(_ => AllocatedBy(1000, () => ProductRules.Check(bytes))).ShouldBeLessThan(1000);
    }

    private static long AllocatedBy(int times, Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            work();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void Line_breaks_between_tokens_go_and_nothing_else()
    {
        var text = "\r\n{ \"product_id\" :\n\"1\",\t\"name\":\r\"a\\nb\"}\n";
        var line = LineBreaks.Without(Encoding.UTF8.GetBytes(text));
        Encoding.UTF8.GetString(line.Span).ShouldBe("{ \"product_id\" :\"1\",\t\"name\":\"a\\nb\"}");

        var untouched = new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(Product()));
        LineBreaks.Without(untouched).Equals(untouched).ShouldBeTrue("no copy");
    }

    private static void InAnArray(string json, ProductCheck alone)
    {
        var array = Encoding.UTF8.GetBytes($"[ {json} ,7]");
        if (json.Length == 0 || LengthOfArray(array) != 2)
        {
            return;
        }

        var cursor = new JsonCursor(array);
        cursor.TryTake('[').ShouldBeTrue();
        cursor.Next();
        var check = ProductRules.CheckNext(array.AsMemory(cursor.At), out var length);
        check.IsValid.ShouldBe(alone.IsValid, json);
        check.Id.Span.SequenceEqual(alone.Id.Span).ShouldBeTrue(json);
        Encoding.UTF8.GetString(array, cursor.At, length).ShouldBe(json.Trim(' ', '\n', '\r', '\t'), json);
        cursor.Skip(length);
        (cursor.TryTake(',') && cursor.TryNumber(out _) && cursor.TryTake(']')).ShouldBeTrue(json);
    }

    /// <summary>What is accepted is read the same by other readers: a strict one, and after line breaks are gone.</summary>
    private static void AgreesWithAnIndependentReading(byte[] bytes, ProductCheck check)
    {
        using var document = JsonDocument.Parse(LineBreaks.Without(bytes));
        var id = document.RootElement.GetProperty("product_id").GetString()!;
        Encoding.UTF8.GetBytes(id).AsSpan().SequenceEqual(check.Id.Span).ShouldBeTrue();
        id.EnumerateRunes().Count().ShouldBeInRange(1, 128);
        id.ShouldNotContain(c => char.IsControl(c));
        id.ShouldNotStartWith("rule:");
        Utf8.IsValid(check.Id.Span).ShouldBeTrue();
        document.RootElement.GetProperty("name").GetString()!.EnumerateRunes().Count().ShouldBeInRange(1, 512);
    }

    private static int? LengthOfArray(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 1000 });
            return document.RootElement.GetArrayLength();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ProductCheck Check(string json) => ProductRules.Check(Encoding.UTF8.GetBytes(json));

    private static string Product(string id = "1", string name = "x", string more = "") => $$"""{"product_id":"{{id}}","name":"{{name}}","more":"{{more}}"}""";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
