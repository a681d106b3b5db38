using System.Text.Json;
using Marketplace.Gateway.Ingestion;
using Marketplace.Gateway.Topics;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Shop;

/// <summary>Products as shops send them: the newest of an id is the one that counts, so each is a record of its own.</summary>
internal sealed class ProductRecords : RecordKind
{
    public override string Topic => TopicNames.ShopProducts;

    public override JsonEncodedText IdField { get; } = JsonEncodedText.Encode("product_id");

    public override (string One, string Many) Noun => ("product", "products");

    public override int MaxBytes => ProductRules.MaxBytes;

    public override RecordCheck Check(ReadOnlyMemory<byte> json) => Of(ProductRules.Check(json));

    public override RecordCheck CheckNext(ReadOnlyMemory<byte> json, out int length) => Of(ProductRules.CheckNext(json, out length));

    private static RecordCheck Of(in ProductCheck check) => new(check.Id, check.Id, check.Errors);
}
