using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Marketplace.Crash.Tests;

/// <summary>A shop that sends singles, arrays and streams, withdraws now and then, and sends again what it got no answer for.</summary>
public sealed class ShopTraffic(HttpClient http, Ledger ledger, int seed)
{
    public const int Products = 300;
    private const int MaxArray = 50;
    private const int MaxLines = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Random _random = new(seed);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await (_random.Next(10) switch
            {
                < 4 => SendKeyedAsync(1),
                < 6 => SendKeyedAsync(_random.Next(2, MaxArray)),
                < 9 => SendStreamAsync(_random.Next(2, MaxLines)),
                _ => WithdrawAsync(),
            });

            // A pace: without it a long run measures how fast a log of many millions starts.
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private (long Revision, string Json) Product()
    {
        var revision = ledger.NextRevision();
        var id = $"товар/{_random.Next(Products)}";
        return (revision, $$"""{"product_id":"{{id}}","name":"Товар {{id}}","price":{"amount":{{_random.Next(1, 100000)}},"currency":"RUB"},"revision":{{revision}} }""");
    }

    /// <summary>Sends under one key until there is an answer: the gateway may die before or after it wrote.</summary>
    private async Task SendKeyedAsync(int count)
    {
        var products = Enumerable.Range(0, count).Select(_ => Product()).ToList();
        var body = count == 1 ? products[0].Json : $"[{string.Join(',', products.Select(p => p.Json))}]";
        var key = Guid.NewGuid().ToString();
        for (var first = true; ; first = false)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/shop/products") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", key);
            if (!first)
            {
                Interlocked.Increment(ref ledger.Resent);
            }

            try
            {
                using var answer = await http.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    Acknowledge(products.Select(p => p.Revision).ToList(), await answer.Content.ReadFromJsonAsync<JsonElement>());
                    products.ForEach(p => ledger.Keyed[p.Revision] = 0);
                    return;
                }

                Unexpected(answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
            }

            await Task.Delay(Pause);
        }
    }

    private async Task SendStreamAsync(int count)
    {
        var products = Enumerable.Range(0, count).Select(_ => Product()).ToList();
        var body = string.Join('\n', products.Select(p => p.Json));
        try
        {
            using var answer = await http.PostAsync("/shop/products", new StringContent(body, Encoding.UTF8, "application/x-ndjson"));
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                Acknowledge(products.Select(p => p.Revision).ToList(), await answer.Content.ReadFromJsonAsync<JsonElement>());
                return;
            }

            Unexpected(answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
        }

        products.ForEach(p => ledger.Unknown[p.Revision] = 0);
        await Task.Delay(Pause);
    }

    private async Task WithdrawAsync()
    {
        try
        {
            using var answer = await http.DeleteAsync($"/shop/products/{Uri.EscapeDataString($"товар/{_random.Next(Products)}")}");
            Unexpected(answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            await Task.Delay(Pause);
        }
    }

    private void Acknowledge(List<long> revisions, JsonElement answer)
    {
        if (answer.TryGetProperty("results", out var results))
        {
            foreach (var result in results.EnumerateArray())
            {
                Acknowledge(revisions[result.GetProperty("index").GetInt32()], result);
            }
        }
        else
        {
            Acknowledge(revisions.Single(), answer);
        }

        void Acknowledge(long revision, JsonElement receipt) =>
            ledger.Acknowledged[revision] = (receipt.GetProperty("partition").GetInt32(), receipt.GetProperty("offset").GetInt64());
    }

    /// <summary>A stopping or starting gateway may say 503, one that is writing the same key 409; anything else is a fault.</summary>
    private static void Unexpected(HttpStatusCode status, string body)
    {
        if (status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict or HttpStatusCode.NoContent))
        {
            throw new InvalidOperationException($"{(int)status}: {body}");
        }
    }
}
