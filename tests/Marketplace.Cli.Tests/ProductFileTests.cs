using System.Buffers;
using System.Text;
using System.Text.Json;
using Marketplace.Cli.Running;
using Marketplace.Cli.Shop.Input;

namespace Marketplace.Cli.Tests;

/// <summary>Products come out of a file as they are in it, however it is written and in whatever pieces it comes.</summary>
public sealed class ProductFileTests
{
    [Fact]
    public async Task Random_products_come_out_of_every_form_of_file()
    {
        var random = new Random(11);
        for (var round = 0; round < 400; round++)
        {
            var products = Enumerable.Range(0, random.Next(6)).Select(n => Product(random, n)).ToArray();
            var form = random.Next(4);
            var text = form switch
            {
                0 => string.Concat(products.Select(product => product.ToJsonString() + Pick(random, "\n", "\r\n", "\n\n", " \n"))),
                1 => $"{Pick(random, "", " ", "\n")}[{string.Join(Pick(random, ",", " ,\n"), products.Select(product => Indented(product)))}]{Pick(random, "", "\n")}",
                2 => string.Concat(products.Select(product => Indented(product) + Pick(random, "\n", " ", ""))),
                _ => string.Concat(products.Select(product => product.ToJsonString() + "\n")).TrimEnd('\n'),
            };
            var bytes = Encoding.UTF8.GetBytes(Pick(random, "", "\ufeff") + text);
            var read = await ReadAsync(new Pieces(bytes, random), InputFormat.Auto);
            read.Select(line => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(line))).ShouldBe(
                products.Select(product => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(product.ToJsonString()))), text);
            read.ShouldAllBe(line => !line.Contains('\n'));
        }
    }

    [Fact]
    public async Task A_torn_or_broken_text_ends_with_an_error_and_never_with_other_products()
    {
        var random = new Random(12);
        for (var round = 0; round < 300; round++)
        {
            var products = Enumerable.Range(0, 4).Select(n => Product(random, n)).ToArray();
            var text = Encoding.UTF8.GetBytes("[" + string.Join(",\n", products.Select(Indented)) + "]");
            var torn = text[..random.Next(1, text.Length)];
            var lines = new List<string>();
            (await Should.ThrowAsync<CommandFailure>(ReadAsync(new Pieces(torn, random), InputFormat.Auto, lines))).Message.ShouldStartWith("file: строка ");
            lines.Count.ShouldBeLessThanOrEqualTo(products.Length);
            lines.Select((line, n) => JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(line), JsonSerializer.Deserialize<JsonElement>(products[n].ToJsonString())))
                .ShouldAllBe(isEqual => isEqual);
        }
    }

    [Theory]
    [InlineData("[{} {}]", 1)]
    [InlineData("[{},]", 1)]
    [InlineData("[,{}]", 0)]
    [InlineData("[{}] x", 1)]
    [InlineData("[{}", 1)]
    [InlineData("[", 0)]
    [InlineData("{\n", 0)]
    public async Task Text_that_is_no_json_is_refused_where_it_begins_to_be_none(string text, int before)
    {
        var lines = new List<string>();
        await Should.ThrowAsync<CommandFailure>(ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), InputFormat.Auto, lines));
        lines.Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_broken_line_is_passed_on_and_harms_no_other()
    {
        var read = await ReadAsync(new MemoryStream("{\"a\":1]\n{\"b\":2}\nnot json\n"u8.ToArray()), InputFormat.Auto);
        read.ShouldBe(["{\"a\":1]", "{\"b\":2}", "not json"]);
    }

    private static async Task<List<string>> ReadAsync(Stream stream, InputFormat format, List<string>? into = null)
    {
        var lines = into ?? [];
        await using var source = new StreamProducts(stream, "file", null, format);
        await foreach (var line in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        return lines;
    }

    private static System.Text.Json.Nodes.JsonObject Product(Random random, int n) => new()
    {
        ["product_id"] = $"{n}",
        ["name"] = Pick(random, "a\nb", "скобки ]}[{,", "\"кавычки\" \\", "ё"),
        ["price"] = random.Next(1000),
        ["tags"] = new System.Text.Json.Nodes.JsonArray("x", new System.Text.Json.Nodes.JsonObject { ["y"] = null }),
        ["description"] = new string('d', random.Next(3) == 0 ? random.Next(40_000) : 3),
    };

    private static string Indented(System.Text.Json.Nodes.JsonObject product) => product.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    /// <summary>Gives its bytes in pieces of random length.</summary>
    private sealed class Pieces(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(8) == 0 ? 1 : random.Next(1, 20_000))], cancellationToken);
    }
}
