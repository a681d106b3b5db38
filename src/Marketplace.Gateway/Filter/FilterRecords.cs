using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Filter;

/// <summary>How the filter's own records and headers are written.</summary>
internal static class FilterRecords
{
    public const string BanListHeader = "ban-list";
    public const string AsOfHeader = "as-of";

    private const int MaxInt64Digits = 20;

    public static string Text(long instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static long Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>The two headers that a basis gives to all its records.</summary>
    public static ReadOnlyMemory<byte> BasisHeaders(VerdictBasis basis) =>
        RecordHeaders.Of((BanListHeader, basis.BanList.ToString(CultureInfo.InvariantCulture)), (AsOfHeader, Text(basis.AsOf))).Encoded;

    /// <summary>Ours beyond the contract: names the shop record that a product on sale came from, so that each verdict can be checked by itself.</summary>
    public static void WriteSourceOffset(IBufferWriter<byte> writer, long offset) => WriteNumber(writer, "source-offset"u8, offset);

    /// <summary>Ours beyond the contract: when the shop's record was written, so that whoever shows the product can tell how long that took.</summary>
    /// <param name="timestamp">Milliseconds since the Unix epoch.</param>
    public static void WriteAcceptedAt(IBufferWriter<byte> writer, long timestamp) => WriteNumber(writer, "accepted-at"u8, timestamp);

    /// <summary>When the product was accepted that has come for the first time with this record (Unix milliseconds), or null.</summary>
    public static long? AcceptedAt(in RecordHeaders headers) =>
        headers.Find("accepted-at"u8) is { } text && Utf8Parser.TryParse(text.Span, out long timestamp, out _) ? timestamp : null;

    private static void WriteNumber(IBufferWriter<byte> writer, ReadOnlySpan<byte> name, long number)
    {
        Span<byte> digits = stackalloc byte[MaxInt64Digits];
        Utf8Formatter.TryFormat(number, digits, out var length);
        RecordHeaders.Write(writer, name, digits[..length]);
    }

    public static void WriteDecision(
        IBufferWriter<byte> buffer, ReadOnlySpan<byte> productId, Verdict verdict, Banned.Ban? ban, int partition, long offset, VerdictBasis basis)
    {
        using var writer = new Utf8JsonWriter(buffer, RecordJson.Options);
        writer.WriteStartObject();
        writer.WriteString("product_id", productId);
        writer.WriteString("verdict", verdict.Name());
        writer.WriteString("ban", ban?.Name);
        writer.WriteString("reason", ban?.Reason);
        writer.WriteStartObject("source");
        writer.WriteNumber("partition", partition);
        writer.WriteNumber("offset", offset);
        writer.WriteEndObject();
        writer.WriteNumber("ban_list", basis.BanList);
        writer.WriteString("as_of", Text(basis.AsOf));
        writer.WriteEndObject();
    }

    public static byte[] ProgressKey(int partition) => Encoding.UTF8.GetBytes(partition.ToString(CultureInfo.InvariantCulture));

    public static void WriteProgress(IBufferWriter<byte> buffer, VerdictBasis basis)
    {
        using var writer = new Utf8JsonWriter(buffer, RecordJson.Options);
        writer.WriteStartObject();
        writer.WriteNumber("ban_list", basis.BanList);
        writer.WriteString("as_of", Text(basis.AsOf));
        writer.WriteEndObject();
    }

    public static VerdictBasis ReadProgress(ReadOnlyMemory<byte> value)
    {
        using var document = JsonDocument.Parse(value);
        return new VerdictBasis(
            document.RootElement.GetProperty("ban_list").GetInt64(),
            Instant(document.RootElement.GetProperty("as_of").GetString()!));
    }
}
