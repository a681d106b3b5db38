using System.Runtime.InteropServices;
using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

/// <summary>What was counted for one day (UTC), by product; only what is not zero takes memory.</summary>
internal sealed class DayTable
{
    public Dictionary<int, ProductCounts> Products { get; private set; } = [];

    /// <summary>Of purchases that name a price.</summary>
    public Dictionary<ProductCurrency, decimal> Revenue { get; private set; } = [];

    /// <summary>Products bought by one client within the window, the lower number first.</summary>
    public Dictionary<ProductPair, uint> Together { get; private set; } = [];

    /// <summary>By text.</summary>
    public Dictionary<int, SearchCounts> Searches { get; private set; } = [];

    public Dictionary<int, bool> Clients { get; private set; } = [];

    public ref ProductCounts Of(int product) => ref CollectionsMarshal.GetValueRefOrAddDefault(Products, product, out _);

    public ref SearchCounts OfSearch(int text) => ref CollectionsMarshal.GetValueRefOrAddDefault(Searches, text, out _);

    public void Count(in AnalyticsEvent e)
    {
        ref var counts = ref Of(e.Product);
        counts.Kinds[(int)e.Kind]++;
        Clients[e.Client] = true;
        if (e.Kind == ClientEventKind.Purchase)
        {
            var units = Math.Max(1, e.Quantity);
            counts.Units += units;
            if (e.Price is { } price)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(Revenue, new ProductCurrency(e.Product, e.Currency), out _) += price * units;
            }
        }
        else if (e is { Kind: ClientEventKind.Review, Rating: > 0 })
        {
            counts.Ratings[e.Rating - 1]++;
        }
    }

    public void Save(SnapshotWriter writer)
    {
        writer.WriteTable(Products);
        writer.WriteTable(Revenue);
        writer.WriteTable(Together);
        writer.WriteTable(Searches);
        writer.WriteTable(Clients);
    }

    public static DayTable Load(SnapshotReader reader) => new()
    {
        Products = reader.ReadTable<int, ProductCounts>(),
        Revenue = reader.ReadTable<ProductCurrency, decimal>(),
        Together = reader.ReadTable<ProductPair, uint>(),
        Searches = reader.ReadTable<int, SearchCounts>(),
        Clients = reader.ReadTable<int, bool>(),
    };
}

/// <summary>Counts of a product on a day.</summary>
internal struct ProductCounts
{
    /// <summary>Bought; an event may say a million of them.</summary>
    public long Units;

    /// <summary>By <see cref="ClientEventKind"/>.</summary>
    public Five<uint> Kinds;

    /// <summary>Reviews by rating, 1 first.</summary>
    public Five<uint> Ratings;

    /// <summary>Funnel entries that began on this day, by how far they came at least: by <see cref="FunnelStage"/>.</summary>
    public Four<uint> Funnel;
}

/// <summary>Counts of a text on a day that it was searched for.</summary>
internal struct SearchCounts
{
    public uint Total;
    public uint Empty;
    public uint Clicked;
}

internal readonly record struct ProductCurrency(int Product, Currency Currency);

internal readonly record struct ProductPair(int First, int Second)
{
    public static ProductPair Of(int a, int b) => a < b ? new(a, b) : new(b, a);
}
