using Marketplace.SampleData.Wording;

namespace Marketplace.SampleData.Tables;

/// <summary>All categories, a file a family.</summary>
internal static class CategoryTable
{
    public static readonly Category[] All =
    [
        .. Gadgets.Categories,
        .. Computers.Categories,
        .. Appliances.Categories,
        .. Home.Categories,
        .. Fashion.Categories,
        .. Beauty.Categories,
        .. Kids.Categories,
        .. Sport.Categories,
        .. Food.Categories,
        .. Tools.Categories,
        .. Pets.Categories,
        .. Paper.Categories,
    ];
}
