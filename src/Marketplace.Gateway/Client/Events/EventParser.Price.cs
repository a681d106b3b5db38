using System.Text.Json;

namespace Marketplace.Gateway.Client.Events;

internal ref partial struct EventParser
{
    /// <summary>A number (in RUB), or <c>{amount, currency}</c> as a product's price.</summary>
    private void ReadPrice(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            ReadAmount("price", ref reader, ref parsed);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            Refuse("price", "must be a number or an object {amount, currency}");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAmount = reader.ValueTextEquals("amount"u8);
            var isCurrency = reader.ValueTextEquals("currency"u8);
            reader.Read();
            if (isAmount && reader.TokenType != JsonTokenType.Null)
            {
                ReadAmount("price.amount", ref reader, ref parsed);
            }
            else if (isCurrency && reader.TokenType != JsonTokenType.Null)
            {
                ReadCurrency(ref reader, ref parsed);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadAmount(string path, ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        // Sums of what is kept must never overflow or round: a trillion, in hundredths of a kopeck.
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount) && amount is >= 0 and <= 1_000_000_000_000m && amount.Scale <= 4)
        {
            parsed.Price = amount;
            return;
        }

        reader.Skip();
        Refuse(path, "must be a number from 0 to 1000000000000 with at most 4 decimals");
    }

    private void ReadCurrency(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length == 3 && System.Text.Ascii.IsValid(reader.ValueSpan)
            && char.IsAsciiLetter((char)reader.ValueSpan[0]) && char.IsAsciiLetter((char)reader.ValueSpan[1]) && char.IsAsciiLetter((char)reader.ValueSpan[2]))
        {
            parsed.Currency = Currency.Of(reader.ValueSpan);
            return;
        }

        reader.Skip();
        Refuse("price.currency", "must be three letters, such as RUB");
    }
}
