using System.Text.Json;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Client.Events;

[Flags]
internal enum EventField
{
    None = 0,
    EventId = 1,
    Type = 2,
    UserId = 4,
    SessionId = 8,
    ProductId = 16,
    Quantity = 32,
    Price = 64,
    Rating = 128,
    Text = 256,
    OccurredAt = 512,
    QueryId = 1024,
}

/// <summary>The names of an event's fields and kinds.</summary>
internal static class EventFields
{
    public static ReadOnlySpan<EventField> Required => [EventField.EventId, EventField.Type, EventField.ProductId, EventField.OccurredAt];

    public static EventField Of(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("event_id"u8) ? EventField.EventId
        : reader.ValueTextEquals("type"u8) ? EventField.Type
        : reader.ValueTextEquals("user_id"u8) ? EventField.UserId
        : reader.ValueTextEquals("session_id"u8) ? EventField.SessionId
        : reader.ValueTextEquals("product_id"u8) ? EventField.ProductId
        : reader.ValueTextEquals("quantity"u8) ? EventField.Quantity
        : reader.ValueTextEquals("price"u8) ? EventField.Price
        : reader.ValueTextEquals("rating"u8) ? EventField.Rating
        : reader.ValueTextEquals("text"u8) ? EventField.Text
        : reader.ValueTextEquals("occurred_at"u8) ? EventField.OccurredAt
        : reader.ValueTextEquals("query_id"u8) ? EventField.QueryId
        : EventField.None;

    public static string NameOf(EventField field) => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString());

    public static ReadOnlySpan<byte> KindName(ClientEventKind kind) => kind switch
    {
        ClientEventKind.View => "view"u8,
        ClientEventKind.AddToCart => "add_to_cart"u8,
        ClientEventKind.RemoveFromCart => "remove_from_cart"u8,
        ClientEventKind.Purchase => "purchase"u8,
        _ => "review"u8,
    };
}
