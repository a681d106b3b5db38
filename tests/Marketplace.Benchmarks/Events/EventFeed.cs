using System.Buffers;
using System.Globalization;
using System.Text;
using Marketplace.Recommendations;
using Marketplace.SampleData;

namespace Marketplace.Benchmarks.Events;

/// <summary>What an event of the benchmark says.</summary>
internal readonly record struct SampleEvent(int Number, int User, int Product, ClientEventKind Kind);

/// <summary>
/// Clients' events of some 190 bytes: a user keeps to a taste of 200 products, of which some are wanted much more than others;
/// of ten events eight are views, one is a cart, one a purchase. The same seed makes the same events.
/// </summary>
internal sealed class EventFeed(int users, int products, int seed)
{
    private const int Taste = 200;
    private const int PieceBytes = 1024 * 1024;

    public IEnumerable<SampleEvent> Take(int count)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var user = random.Next(users);
            var first = (int)((long)user * 7919 % Math.Max(1, products - Taste));
            var product = random.Next(20) == 0 ? random.Next(products) : first + (int)(Taste * Math.Pow(random.NextDouble(), 3));
            yield return new SampleEvent(number, user, product, random.Next(10) switch { < 8 => ClientEventKind.View, 8 => ClientEventKind.AddToCart, _ => ClientEventKind.Purchase });
        }
    }

    public static string UserId(int user) => string.Create(CultureInfo.InvariantCulture, $"user-{user}");

    public byte[] Json(SampleEvent e)
    {
        var type = e.Kind switch { ClientEventKind.View => "view", ClientEventKind.AddToCart => "add_to_cart", _ => "purchase" };
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"event_id\":\"{seed}-{e.Number}\",\"type\":\"{type}\",\"user_id\":\"{UserId(e.User)}\",\"product_id\":\"{SampleCatalog.ProductId(e.Product)}\",\"quantity\":1,\"price\":{{\"amount\":100,\"currency\":\"RUB\"}},\"occurred_at\":\"2026-01-{1 + (e.Number % 28):D2}T{e.Number / 60 % 24:D2}:{e.Number % 60:D2}:00Z\"}}"));
    }

    /// <summary>The events as lines, in pieces of whole lines of about 1 MB, made as they are asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines(int count)
    {
        var buffer = new ArrayBufferWriter<byte>(PieceBytes + 4096);
        foreach (var e in Take(count))
        {
            buffer.Write(Json(e));
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= PieceBytes)
            {
                yield return buffer.WrittenSpan.ToArray();
                buffer.ResetWrittenCount();
            }
        }

        if (buffer.WrittenCount > 0)
        {
            yield return buffer.WrittenSpan.ToArray();
        }
    }
}
