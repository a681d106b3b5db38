using System.Globalization;
using System.Text.Json;

namespace Marketplace.Cli.Demo;

/// <summary>A user with tastes: a few categories and a brand; looks around in visits, buys something now and then, and says what it was like.</summary>
internal sealed class DemoShopper
{
    private const int Tastes = 3;

    private readonly DemoMarket _market;
    private readonly Random _random;
    private readonly int[] _tastes;
    private readonly string _brand;
    private readonly Queue<(string Type, DemoProduct Product)> _plans = new();
    private int _visit;
    private int _leftInVisit;
    private int _category;
    private int _events;

    public DemoShopper(string id, string run, DemoMarket market, Random random)
    {
        (Id, Run, _market, _random) = (id, run, market, random);
        _tastes = [.. Enumerable.Range(0, Tastes).Select(_ => random.Next(market.Categories))];
        _brand = market.Pick(_tastes[0], null, random).Brand;
    }

    public string Id { get; }

    private string Run { get; }

    /// <summary>What they search for when a visit begins; null in the midst of one.</summary>
    public string? Wish => _leftInVisit == 0 ? _market.Pick(_tastes[_random.Next(Tastes)], _brand, _random).Name.Split(' ')[0] : null;

    /// <summary>The next thing they do, as a line of JSON.</summary>
    public string Next(DateTimeOffset now)
    {
        if (_leftInVisit == 0)
        {
            (_visit, _leftInVisit, _category) = (_visit + 1, _random.Next(3, 12), _tastes[_random.Next(Tastes)]);
        }

        _leftInVisit--;
        if (_plans.TryDequeue(out var plan))
        {
            return Write(plan.Type, plan.Product, now);
        }

        var product = _market.Pick(_random.Next(8) == 0 ? _random.Next(_market.Categories) : _category, _brand, _random);
        if (_random.Next(4) == 0)
        {
            _plans.Enqueue(("add_to_cart", product));
            if (_random.Next(2) == 0)
            {
                _plans.Enqueue(("purchase", product));
                if (_random.Next(3) == 0)
                {
                    _plans.Enqueue(("review", product));
                }
            }
            else if (_random.Next(3) == 0)
            {
                _plans.Enqueue(("remove_from_cart", product));
            }
        }

        return Write("view", product, now);
    }

    public string Write(string type, DemoProduct product, DateTimeOffset now)
    {
        var more = type switch
        {
            "purchase" => string.Create(CultureInfo.InvariantCulture, $",\"quantity\":{1 + (_random.Next(10) == 0 ? 1 : 0)},\"price\":{{\"amount\":{product.Price},\"currency\":\"RUB\"}}"),
            "review" => string.Create(CultureInfo.InvariantCulture, $",\"rating\":{Math.Max(1, 5 - (int)(5 * Math.Pow(_random.NextDouble(), 2)))}"),
            _ => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"event_id\":\"{Run}-{Id}-{_events++}\",\"type\":\"{type}\",\"user_id\":\"{Id}\",\"session_id\":\"{Run}-{Id}-{_visit}\",\"product_id\":{JsonSerializer.Serialize(product.Id, Gateway.GatewayJson.Default.String)}{more},\"occurred_at\":\"{now:O}\"}}");
    }
}
