using System.Text;
using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Tests.Client;

public class EventParserTests
{
    private const string Valid = """{"event_id":"e1","type":"purchase","user_id":"u","session_id":"s","product_id":"товар/1","quantity":2,"price":{"amount":10.5,"currency":"usd"},"rating":null,"text":"хорошо","occurred_at":"2026-01-31T12:00:00.5+03:00","query_id":"q","more":{"any":[1]}}""";

    [Fact]
    public void A_valid_event_is_read_whole()
    {
        var parsed = Parse(Valid, out var errors);
        errors.ShouldBeNull();
        Text(parsed.EventId).ShouldBe("e1");
        Text(parsed.ProductId).ShouldBe("товар/1");
        Text(parsed.Client).ShouldBe("u");
        Text(parsed.QueryId).ShouldBe("q");
        (parsed.Kind, parsed.Quantity, parsed.Rating, parsed.Price, parsed.Currency.ToString()).ShouldBe((ClientEventKind.Purchase, 2, 0, 10.5m, "USD"));
        parsed.OccurredAt.ShouldBe(new DateTimeOffset(2026, 1, 31, 9, 0, 0, 500, TimeSpan.Zero).ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Escapes_stand_for_what_they_mean_and_a_price_may_be_a_number()
    {
        var parsed = Parse("""{"event_id":"\u0065/1","type":"\u0076iew","session_id":"s","product_id":"p","price":7,"occurred_at":"2026-01-31T12:00:00"}""", out var errors);
        errors.ShouldBeNull();
        (Text(parsed.EventId), Text(parsed.Client), parsed.Price, parsed.Currency.ToString()).ShouldBe(("e/1", "s", 7m, "RUB"));
        parsed.OccurredAt.ShouldBe(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("{", "$")]
    [InlineData("[]", "$")]
    [InlineData("{} x", "$")]
    [InlineData("{}", "event_id,occurred_at,product_id,type,user_id")]
    [InlineData("""{"event_id":1,"type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "event_id")]
    [InlineData("""{"event_id":"","type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "event_id")]
    [InlineData("""{"event_id":"e","event_id":"e","type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "event_id")]
    [InlineData("""{"event_id":"e\ud800","type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "event_id")]
    [InlineData("""{"event_id":"e","type":"look","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "type")]
    [InlineData("""{"event_id":"e","type":"view","product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "user_id")]
    [InlineData("""{"event_id":"e","type":"view","user_id":null,"product_id":"p","occurred_at":"2026-01-31T12:00:00Z"}""", "user_id")]
    [InlineData("""{"event_id":"e","type":"view","user_id":"u","product_id":"rule:x","occurred_at":"2026-01-31T12:00:00Z"}""", "product_id")]
    [InlineData("""{"event_id":"e","type":"view","user_id":"u","product_id":"p","occurred_at":"noon"}""", "occurred_at")]
    [InlineData("""{"event_id":"e","type":"view","user_id":"u","product_id":"p","occurred_at":"1969-01-31T12:00:00Z"}""", "occurred_at")]
    [InlineData("""{"event_id":"e","type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z","quantity":0,"rating":6,"price":-1,"text":5}""", "price,quantity,rating,text")]
    [InlineData("""{"event_id":"e","type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z","price":{"amount":"1","currency":"рубль"}}""", "price.amount,price.currency")]
    [InlineData("""{"event_id":"e","type":"view","user_id":"u","product_id":"p","occurred_at":"2026-01-31T12:00:00Z","price":0.00001}""", "price")]
    public void What_is_wrong_is_said_field_by_field(string json, string fields)
    {
        Parse(json, out var errors);
        string.Join(',', errors.ShouldNotBeNull().Keys.Order(StringComparer.Ordinal)).ShouldBe(fields);
    }

    [Fact]
    public void Bytes_that_are_no_text_and_events_that_are_too_long_are_refused()
    {
        EventParser.Parse(new byte[] { (byte)'{', 0xff, (byte)'}' }, out var errors);
        errors.ShouldNotBeNull()["$"].ShouldBe(["is not UTF-8"]);
        EventParser.Parse(new byte[ClientEventRecords.MaxEventBytes + 1], out errors);
        errors.ShouldNotBeNull()["$"][0].ShouldStartWith("must be at most");
    }

    [Fact]
    public void A_broken_byte_anywhere_never_throws_and_never_makes_an_id_of_another()
    {
        var random = new Random(1);
        var bytes = Encoding.UTF8.GetBytes(Valid);
        for (var round = 0; round < 20_000; round++)
        {
            var broken = bytes.ToArray();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var parsed = EventParser.Parse(broken.AsMemory(0, random.Next(4) == 0 ? random.Next(broken.Length) : broken.Length), out var errors);
            if (errors is null)
            {
                parsed.EventId.IsEmpty.ShouldBeFalse();
                parsed.ProductId.IsEmpty.ShouldBeFalse();
                parsed.Client.IsEmpty.ShouldBeFalse();
            }
        }
    }

    private static ParsedEvent Parse(string json, out IReadOnlyDictionary<string, string[]>? errors) => EventParser.Parse(Encoding.UTF8.GetBytes(json), out errors);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
