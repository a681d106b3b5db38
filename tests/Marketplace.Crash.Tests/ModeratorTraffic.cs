using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Marketplace.Crash.Tests;

/// <summary>A moderator who bans, bans for a moment, and unbans; each until it is acknowledged.</summary>
public sealed class ModeratorTraffic(HttpClient http, Ledger ledger, TimeProvider time, int seed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestBan = TimeSpan.FromSeconds(2);
    private readonly Random _random = new(seed);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var path = $"/banned/{Uri.EscapeDataString($"товар/{_random.Next(ShopTraffic.Products)}")}";
            var kind = _random.Next(5);
            await UntilAnsweredAsync(() => kind switch
            {
                0 or 1 => new HttpRequestMessage(HttpMethod.Delete, path),
                2 => Put(path, $$"""{"reason":"на время","expires_at":"{{Soon()}}"}"""),
                _ => Put(path, """{"reason":"отозван"}"""),
            });
            Interlocked.Increment(ref ledger.Bans);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static HttpRequestMessage Put(string path, string body) =>
        new(HttpMethod.Put, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private string Soon() => (time.GetUtcNow() + (LongestBan * (0.2 + (0.8 * _random.NextDouble())))).ToString("O", CultureInfo.InvariantCulture);

    private async Task UntilAnsweredAsync(Func<HttpRequestMessage> make)
    {
        while (true)
        {
            try
            {
                using var request = make();
                using var answer = await http.SendAsync(request);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
            }

            await Task.Delay(Pause);
        }
    }
}
