using Marketplace.Gateway.Ingestion;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Events to try the gateway with, of the products of <see cref="ProductExamples"/>.</summary>
internal static class EventExamples
{
    private const string View = """{"event_id":"e-1","type":"view","user_id":"user123","product_id":"12345","occurred_at":"2026-01-31T12:00:00Z"}""";
    private const string Purchase = """{"event_id":"e-2","type":"purchase","user_id":"user123","product_id":"12345","quantity":1,"price":{"amount":12990.00,"currency":"RUB"},"occurred_at":"2026-01-31T12:05:00Z"}""";
    private const string Review = """{"event_id":"e-3","type":"review","user_id":"user123","product_id":"12345","rating":5,"text":"Отличные часы","occurred_at":"2026-02-07T12:00:00Z"}""";

    public static BodyExample One { get; } = new("one", View);

    public static BodyExample Array { get; } = new("array", $"[{View},{Purchase}]");

    public static BodyExample Lines { get; } = new("lines", Purchase + "\n" + Review + "\n", RecordIngestion.Ndjson);
}
