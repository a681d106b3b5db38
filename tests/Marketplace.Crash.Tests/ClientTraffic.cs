using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Marketplace.Crash.Tests;

/// <summary>
/// A client that looks, puts into the cart and buys; singles, arrays and streams. What got no answer is sent again until it is
/// acknowledged, and now and then what was acknowledged is sent once more.
/// </summary>
public sealed class ClientTraffic(HttpClient http, Ledger ledger, TimeProvider time, int seed)
{
    private const int MaxMany = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Types = ["view", "view", "view", "add_to_cart", "purchase"];

    private readonly Random _random = new(seed);
    private readonly List<string> _sent = [];
    private int _made;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var events = Enumerable.Range(0, _random.Next(3) == 0 ? 1 : _random.Next(2, MaxMany)).Select(_ => Next()).ToList();
            var again = Enumerable.Range(0, _sent.Count == 0 ? 0 : _random.Next(4)).Select(_ => _sent[_random.Next(_sent.Count)]);
            var bodies = events.Select(e => e.Json).Concat(again).ToList();
            await UntilAcknowledgedAsync(bodies, isStream: _random.Next(2) == 0);
            foreach (var (id, type, json) in events)
            {
                ledger.Events[id] = type;
                _sent.Add(json);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private (string Id, string Type, string Json) Next()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"событие-{seed}-{_made++}");
        var type = Types[_random.Next(Types.Length)];
        var json = $$"""{"event_id":"{{id}}","type":"{{type}}","user_id":"покупатель {{_random.Next(20)}}","product_id":"товар/{{_random.Next(ShopTraffic.Products)}}","quantity":1,"price":1,"occurred_at":"{{time.GetUtcNow():O}}"}""";
        return (id, type, json);
    }

    private async Task UntilAcknowledgedAsync(List<string> bodies, bool isStream)
    {
        for (var first = true; ; first = false)
        {
            if (!first)
            {
                Interlocked.Increment(ref ledger.EventsResent);
            }

            var content = bodies.Count == 1 ? new StringContent(bodies[0], Encoding.UTF8, "application/json")
                : isStream ? new StringContent(string.Join('\n', bodies), Encoding.UTF8, "application/x-ndjson")
                : new StringContent($"[{string.Join(',', bodies)}]", Encoding.UTF8, "application/json");
            try
            {
                using var answer = await http.PostAsync("/client/events", content);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    return;
                }

                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
            }

            await Task.Delay(Pause);
        }
    }
}
