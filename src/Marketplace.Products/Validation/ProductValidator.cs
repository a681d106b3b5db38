using System.Text.Json;
using FluentValidation;

namespace Marketplace.Products.Validation;

/// <summary>The contract's rules of a product, each with its message.</summary>
internal sealed class ProductValidator : AbstractValidator<ProductDraft>
{
    /// <summary>In Unicode characters (code points).</summary>
    public const int MaxNameLength = 512;

    /// <summary>A product of a megabyte can be wrong in a hundred thousand places; the first few help as much.</summary>
    public const int MaxFailures = 20;

    private static readonly string[] ImageFields = ["url", "alt"];

    public ProductValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;

        RuleFor(p => p.ProductId).Present().Text().Must(BeId).WithMessage(Validation.ProductId.Rule).OverridePropertyName("product_id");
        RuleFor(p => p.Name).Present().Text().Must(BeName).WithMessage("must have 1 to 512 characters").OverridePropertyName("name");
        RuleFor(p => p.Description).Text().OverridePropertyName("description");
        RuleFor(p => p.Category).Text().OverridePropertyName("category");
        RuleFor(p => p.Brand).Text().OverridePropertyName("brand");
        RuleFor(p => p.Sku).Text().OverridePropertyName("sku");
        RuleFor(p => p.StoreId).Text().OverridePropertyName("store_id");
        RuleFor(p => p.Index).OneOf("must be a string or a number", JsonValueKind.String, JsonValueKind.Number).OverridePropertyName("index");
        RuleFor(p => p.CreatedAt).Instant().OverridePropertyName("created_at");
        RuleFor(p => p.UpdatedAt).Instant().OverridePropertyName("updated_at");
        RuleFor(p => p.Specifications).OneOf("must be an object", JsonValueKind.Object).OverridePropertyName("specifications");

        RuleFor(p => p.Price).OneOf("must be an object {amount, currency}", JsonValueKind.Object).OverridePropertyName("price");
        RuleFor(p => p.PriceAmount).Amount().OverridePropertyName("price.amount");
        RuleFor(p => p.PriceCurrency).Currency().OverridePropertyName("price.currency");

        RuleFor(p => p.Stock).OneOf("must be an object {available, reserved}", JsonValueKind.Object).OverridePropertyName("stock");
        RuleFor(p => p.StockAvailable).Count().OverridePropertyName("stock.available");
        RuleFor(p => p.StockReserved).Count().OverridePropertyName("stock.reserved");

        RuleFor(p => p.Tags).OneOf("must be an array of strings", JsonValueKind.Array).OverridePropertyName("tags").Custom(CheckTags);
        RuleFor(p => p.Images).OneOf("must be an array of objects {url, alt}", JsonValueKind.Array).OverridePropertyName("images").Custom(CheckImages);

        RuleFor(p => p.Repeated).Custom((paths, context) =>
        {
            foreach (var path in paths.Take(MaxFailures))
            {
                context.AddFailure(path, "is given more than once");
            }
        });
    }

    private static bool BeId(JsonElement id) => Validation.ProductId.IsValid(System.Text.Encoding.UTF8.GetBytes(id.GetString()!));

    private static bool BeName(JsonElement name) => name.GetString()!.EnumerateRunes().Count() is > 0 and <= MaxNameLength;

    private static void CheckTags(JsonElement tags, ValidationContext<ProductDraft> context)
    {
        if (tags.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var (index, failures) = (0, 0);
        foreach (var tag in tags.EnumerateArray())
        {
            if (tag.ValueKind != JsonValueKind.String)
            {
                context.AddFailure($"tags[{index}]", "must be a string");
                if (++failures == MaxFailures)
                {
                    return;
                }
            }

            index++;
        }
    }

    private static void CheckImages(JsonElement images, ValidationContext<ProductDraft> context)
    {
        if (images.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var index = 0;
        var failures = new List<(string Path, string Error)>();
        foreach (var image in images.EnumerateArray())
        {
            CheckImage(image, $"images[{index++}]", failures);
            if (failures.Count >= MaxFailures)
            {
                break;
            }
        }

        failures.ForEach(f => context.AddFailure(f.Path, f.Error));
    }

    private static void CheckImage(JsonElement image, string path, List<(string Path, string Error)> failures)
    {
        if (image.ValueKind != JsonValueKind.Object)
        {
            failures.Add((path, "must be an object {url, alt}"));
            return;
        }

        var repeated = new List<string>();
        var fields = ProductDraft.FieldsOf(image, ImageFields, $"{path}.", repeated);
        failures.AddRange(repeated.Take(MaxFailures).Select(p => (p, "is given more than once")));

        var url = ProductDraft.Field(fields, "url");
        if (url.ValueKind != JsonValueKind.Undefined && (url.ValueKind != JsonValueKind.String || !WebAddress.IsValid(url.GetString()!)))
        {
            failures.Add(($"{path}.url", "must be an absolute address that begins with http:// or https://"));
        }

        if (ProductDraft.Field(fields, "alt").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.String))
        {
            failures.Add(($"{path}.alt", "must be a string"));
        }
    }
}
