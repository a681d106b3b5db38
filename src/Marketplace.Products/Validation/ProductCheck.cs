namespace Marketplace.Products.Validation;

/// <summary>What <see cref="ProductRules"/> found in the bytes of a product.</summary>
public readonly struct ProductCheck
{
    private ProductCheck(ReadOnlyMemory<byte> id, IReadOnlyDictionary<string, string[]>? errors)
    {
        Id = id;
        Errors = errors;
    }

    public bool IsValid => Errors is null;

    /// <summary>
    /// The product's id, unescaped, in UTF-8: a slice of the bytes checked where it has no escapes. Of a refused product it is
    /// whatever text stands there, and empty when there is none.
    /// </summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>What is wrong, by field path (<c>price.amount</c>, <c>images[0].url</c>; <c>$</c> is the whole); null when valid.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; }

    internal static ProductCheck Valid(ReadOnlyMemory<byte> id) => new(id, null);

    internal static ProductCheck Refused(ReadOnlyMemory<byte> id, IReadOnlyDictionary<string, string[]> errors) => new(id, errors);

    internal static ProductCheck Refused(string path, string error) =>
        new(default, new Dictionary<string, string[]>(1) { [path] = [error] });
}
