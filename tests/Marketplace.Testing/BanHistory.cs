using System.Globalization;
using System.Text.Json;

namespace Marketplace.Testing;

/// <summary>
/// The banned list as the contract defines it, naively: to know what was banned at a position and an instant, look
/// through the records before that position. Written apart from the gateway's own list, to judge it.
/// </summary>
public sealed class BanHistory(IEnumerable<DumpedRecord> bannedProducts)
{
    private readonly Dictionary<string, List<DumpedRecord>> _byProduct =
        bannedProducts.Where(r => r.Key is not null).GroupBy(r => r.Key!).ToDictionary(g => g.Key, g => g.OrderBy(r => r.Offset).ToList());

    public bool IsBanned(string productId, long position, DateTimeOffset instant)
    {
        if (!_byProduct.TryGetValue(productId, out var records))
        {
            return false;
        }

        var latest = records.LastOrDefault(r => r.Offset < position);
        if (latest?.Value is null)
        {
            return false;
        }

        using var value = JsonDocument.Parse(latest.Value);
        return !value.RootElement.TryGetProperty("expires_at", out var end)
            || instant < DateTimeOffset.Parse(end.GetString()!, CultureInfo.InvariantCulture);
    }
}
