using System.Buffers;
using System.Text;
using System.Text.Json;
using Marketplace.SampleData.Tables;
using Marketplace.SampleData.Wording;

namespace Marketplace.SampleData.Tests;

public class SampleCatalogTests
{
    private static readonly string[] Fields =
    [
        "product_id", "name", "description", "price", "category", "brand", "stock", "sku", "tags", "images", "specifications",
        "created_at", "updated_at", "index", "store_id",
    ];

    private static readonly JsonElement[] Products = [.. new SampleCatalog().Take(12_000).Select(json => JsonSerializer.Deserialize<JsonElement>(json))];

    [Fact]
    public void The_first_is_the_product_of_the_documentation()
    {
        Text(Products[0], "product_id").ShouldBe("12345");
        Text(Products[0], "name").ShouldBe("Умные часы XYZ");
        SampleCatalog.ProductId(0).ShouldBe(12345);
    }

    [Fact]
    public void Every_product_has_every_field_of_the_contract()
    {
        foreach (var product in Products)
        {
            product.EnumerateObject().Select(property => property.Name).ShouldBe(Fields, ignoreOrder: true);
            Text(product, "name").Length.ShouldBeInRange(8, 128);
            product.GetProperty("price").GetProperty("amount").GetDecimal().ShouldBeInRange(0.99m, 1_000_000);
            var stock = product.GetProperty("stock");
            stock.GetProperty("reserved").GetInt32().ShouldBeInRange(0, stock.GetProperty("available").GetInt32());
            product.GetProperty("created_at").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(product.GetProperty("updated_at").GetDateTimeOffset());
            product.GetProperty("tags").GetArrayLength().ShouldBeGreaterThan(0);
            Uri.IsWellFormedUriString(Text(product.GetProperty("images")[0], "url"), UriKind.Absolute).ShouldBeTrue();
            product.GetProperty("specifications").EnumerateObject().Count().ShouldBeInRange(4, 10);
        }
    }

    [Fact]
    public void Ids_are_unique_and_in_step_with_the_index()
    {
        Products.Select(product => Text(product, "product_id")).Distinct().Count().ShouldBe(Products.Length);
        Text(Products[77], "product_id").ShouldBe($"{SampleCatalog.ProductId(77)}");
        Should.Throw<ArgumentOutOfRangeException>(() => SampleCatalog.ProductId(-1));
        SampleCatalog.ProductId(int.MaxValue).ShouldBe(1_000_000L + int.MaxValue);
    }

    [Fact]
    public void A_product_is_a_function_of_seed_and_index()
    {
        var random = new Random(7);
        var catalog = new SampleCatalog(new SampleOptions { Seed = 42 });
        var other = new SampleCatalog(new SampleOptions { Seed = 43 });
        var differing = 0;
        for (var n = 0; n < 500; n++)
        {
            var index = random.Next(1, int.MaxValue);
            var json = Make(catalog, index);
            Make(catalog, random.Next());
            Make(new SampleCatalog(new SampleOptions { Seed = 42 }), index).ShouldBe(json);
            differing += Make(other, index) == json ? 0 : 1;
        }

        differing.ShouldBe(500);
    }

    [Fact]
    public void A_product_is_one_line_and_no_template_shows()
    {
        foreach (var json in new SampleCatalog(new SampleOptions { Seed = 9 }).Take(3_000))
        {
            var text = Encoding.UTF8.GetString(json);
            text.ShouldNotContain('\n');
            text.ShouldNotContain("\\u");
            var product = JsonSerializer.Deserialize<JsonElement>(text);
            (Text(product, "name") + Text(product, "description")).ShouldNotContain("{");
        }
    }

    [Fact]
    public void The_name_and_the_specifications_say_the_same()
    {
        var withStorage = Products.Where(product => Text(product, "category") == "Смартфоны").ToArray();
        withStorage.Length.ShouldBeGreaterThan(300);
        foreach (var product in withStorage)
        {
            Text(product, "name").ShouldContain(" " + Text(product.GetProperty("specifications"), "storage"));
        }
    }

    [Fact]
    public void What_belongs_together_goes_together()
    {
        var powerBanks = Of("Внешние аккумуляторы").GroupBy(specs => specs.GetProperty("capacity_mah").GetInt32()).OrderBy(group => group.Key).ToArray();
        powerBanks.Select(group => group.Select(specs => specs.GetProperty("weight_g").GetInt32()).Distinct().ShouldHaveSingleItem()).ShouldBeInOrder();
        Of("Палатки").Where(specs => specs.GetProperty("persons").GetInt32() == 6).ShouldAllBe(specs => specs.GetProperty("weight_kg").GetDecimal() > 5);
        Of("Велосипеды").Where(specs => Text(specs, "frame") == "карбон").ShouldAllBe(specs => specs.GetProperty("weight_kg").GetDecimal() < 13);
        Of("Смартфоны").Where(specs => Text(specs, "storage") == "512 ГБ").ShouldAllBe(specs => Text(specs, "ram") != "4 ГБ");
    }

    [Fact]
    public void The_catalogue_is_broad_and_its_popularity_is_uneven()
    {
        Count("category").Count.ShouldBe(CategoryTable.All.Length);
        CategoryTable.All.Length.ShouldBeGreaterThanOrEqualTo(25);
        Brands.All.Distinct().Count().ShouldBeGreaterThanOrEqualTo(60);
        Count("brand").Count.ShouldBe(Brands.All.Distinct().Count() + 1, "the sample's own brands and XYZ");
        Count("store_id").Count.ShouldBeGreaterThanOrEqualTo(40);

        var gadgets = Count("brand");
        gadgets[Brands.Gadgets[0]].ShouldBeGreaterThan(2 * gadgets[Brands.Gadgets[4]]);
        var russian = Products.Count(product => Russian.IsCyrillic(Text(product, "description"))) / (double)Products.Length;
        russian.ShouldBeInRange(0.6, 0.85);
        Products.Count(product => Text(product.GetProperty("price"), "currency") == "RUB").ShouldBeGreaterThan(Products.Length * 3 / 4);
        Products.Select(product => Text(product.GetProperty("price"), "currency")).Distinct().ShouldBe(["RUB", "USD", "EUR"], ignoreOrder: true);
    }

    [Fact]
    public void Prices_are_those_of_their_category()
    {
        foreach (var category in CategoryTable.All)
        {
            decimal[] roubles = [.. Products
                .Where(product => Text(product, "category") == category.Name && Text(product.GetProperty("price"), "currency") == "RUB")
                .Select(product => product.GetProperty("price").GetProperty("amount").GetDecimal()).Order()];
            var median = (double)roubles[roubles.Length / 2];
            median.ShouldBeInRange(category.Price.Median * 0.7, category.Price.Median * 3, category.Name);
        }
    }

    [Theory]
    [InlineData(600)]
    [InlineData(1_000)]
    [InlineData(4_000)]
    [InlineData(100_000)]
    public void A_wanted_size_is_kept_on_average(int bytes)
    {
        var catalog = new SampleCatalog(new SampleOptions { TargetBytes = bytes });
        catalog.Take(300).Skip(1).Average(json => json.Length).ShouldBeInRange(bytes * 0.88, bytes * 1.12);
    }

    [Fact]
    public void Without_a_wanted_size_a_product_has_about_a_kilobyte() =>
        new SampleCatalog().Take(2_000).Average(json => json.Length).ShouldBeInRange(900, 1_200);

    private static IEnumerable<JsonElement> Of(string category) =>
        Products.Where(product => Text(product, "category") == category).Select(product => product.GetProperty("specifications"));

    private static Dictionary<string, int> Count(string field) =>
        Products.GroupBy(product => Text(product, field)).ToDictionary(group => group.Key, group => group.Count());

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static string Make(SampleCatalog catalog, int index)
    {
        var buffer = new ArrayBufferWriter<byte>();
        catalog.Write(buffer, index);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
