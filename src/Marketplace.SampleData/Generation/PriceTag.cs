using Marketplace.SampleData.Wording;

namespace Marketplace.SampleData.Generation;

/// <summary>Prices: log-normal about the category's median, dearer with what the specifications offer, ending as prices do.</summary>
internal static class PriceTag
{
    private const double RoublesPerDollar = 90;
    private const double RoublesPerEuro = 100;

    public static (decimal Amount, string Currency) Roll(Draft draft, ref Dice dice)
    {
        var range = draft.Category.Price;
        var roubles = range.Median * Math.Exp(range.Spread * dice.Bell());
        var dearer = 1.0;
        for (var at = 0; at < draft.Category.Specs.Length; at++)
        {
            dearer += draft.Category.Specs[at].PriceStep * draft.Values[at];
        }

        roubles *= dearer;

        var foreign = draft.Texts.Language == Language.English ? 35 : 4;
        return !dice.Chance(foreign) ? (Ending9(roubles), "RUB")
            : dice.Chance(60) ? (Ending99(roubles / RoublesPerDollar), "USD")
            : (Ending99(roubles / RoublesPerEuro), "EUR");
    }

    private static decimal Ending9(double amount)
    {
        var step = amount switch { < 1_000 => 10, < 20_000 => 100, _ => 1_000 };
        var minus = step == 10 ? 1 : 10;
        return Math.Max(1, (decimal)Math.Ceiling(amount / step)) * step - minus;
    }

    private static decimal Ending99(double amount) => (decimal)Math.Floor(amount) + 0.99m;
}
