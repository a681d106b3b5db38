using System.Globalization;

namespace Marketplace.Cli.Output;

/// <summary>Numbers, prices, times and foreign text as a Russian reader expects them.</summary>
internal static class Words
{
    private static readonly NumberFormatInfo Numbers = new()
    {
        NumberGroupSeparator = "\u00a0",
        NumberDecimalSeparator = ",",
        NegativeSign = "−",
    };

    public static string Number(decimal number, int digits = 0) => number.ToString("N" + digits, Numbers);

    /// <summary>«1 товар», «2 товара», «5 товаров».</summary>
    public static string Count(long count, string one, string few, string many)
    {
        var form = (count % 100) is >= 11 and <= 14 ? many
            : (count % 10) switch { 1 => one, >= 2 and <= 4 => few, _ => many };
        return $"{Number(count)} {form}";
    }

    public static string Products(long count) => Count(count, "товар", "товара", "товаров");

    /// <summary>A product of many, by its place as <c>--from</c> counts and its id where it has one.</summary>
    public static string ProductAt(long index, string? id) => id is null ? $"индекс {index}" : $"индекс {index} ({id})";

    public static string Price(decimal amount, string currency)
    {
        var sign = currency switch { "RUB" => "₽", "USD" => "$", "EUR" => "€", _ => currency };
        return $"{Number(amount, decimal.IsInteger(amount) ? 0 : 2)}\u00a0{sign}";
    }

    public static string Seconds(TimeSpan time) => $"{Number((decimal)time.TotalSeconds, time.TotalSeconds < 10 ? 1 : 0)}\u00a0с";

    /// <summary>In the reader's own time zone, to the millisecond where it matters.</summary>
    public static string Instant(DateTimeOffset instant, TimeProvider time, bool precise = false) =>
        TimeZoneInfo.ConvertTime(instant, time.LocalTimeZone).ToString(precise ? "dd.MM.yyyy HH:mm:ss.fff" : "dd.MM.yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Text from outside, to be put into markup: no control character of it reaches the terminal.</summary>
    public static string Markup(string? text) => Spectre.Console.Markup.Escape(OneLine(text ?? ""));

    public static string OneLine(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        }
    });
}
