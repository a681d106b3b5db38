
namespace Marketplace.Gateway.Filter;
internal static class ProductInspection
{
    public static string? Inspect(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => null;
}
