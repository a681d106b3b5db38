using System.Text;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Tests.Filter;

/// <summary>Random products, bans, expiries, broken records and restarts; an audit that knows only the contract judges the log.</summary>
public sealed class FilterPropertyTests
{
    private const int Ids = 12;
    private const int Rounds = 12;
    private const int StepsPerRound = 25;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_record_has_the_verdict_that_the_list_gives_it_and_the_output_follows_the_list(int seed)
    {
        var random = new Random(seed);
        await using var house = await FilterHouse.StartAsync();
        DateTimeOffset? due = null;
        var expiries = new Dictionary<string, DateTimeOffset>();
        for (var round = 0; round < Rounds; round++)
        {
            for (var step = 0; step < StepsPerRound; step++)
            {
                await StepAsync(house, random, expiries, (round * StepsPerRound) + step);
            }

            if (random.Next(3) == 0)
            {
                await house.CloseAsync();
                house.Time.Advance(TimeSpan.FromSeconds(random.Next(30)));
                await house.OpenAsync();
            }

            await house.SettleAsync();
            house.Time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            var expired = expiries.Values.Where(e => e <= house.Time.GetUtcNow()).ToList();
            due = expired.Count > 0 ? expired.Max() : due;
            await house.SettleAsync(due);
            var audit = await house.AuditAsync();
            audit.Faults.ShouldBeEmpty($"seed {seed}, round {round}");
        }
    }

    private static async Task StepAsync(FilterHouse house, Random random, Dictionary<string, DateTimeOffset> expiries, int revision)
    {
        var id = $"товар {random.Next(Ids)}";
        switch (random.Next(20))
        {
            case < 9:
                await house.SendProductAsync(id, revision);
                break;
            case < 11:
                await house.SendAsync(id, null);
                break;
            case < 14:
                await house.BanAsync(id);
                expiries.Remove(id);
                break;
            case < 16:
                var lasts = TimeSpan.FromSeconds(random.Next(1, 40));
                await house.BanAsync(id, lasts);
                expiries[id] = house.Time.GetUtcNow() + lasts;
                break;
            case < 18:
                await house.UnbanAsync(id);
                expiries.Remove(id);
                break;
            case 18:
                await house.SendAsync(id, random.Next(4) switch
                {
                    0 => "{",
                    1 => """{"product_id":"another","name":"x"}""",
                    2 => $$"""{"product_id":"{{id}}"}""",
                    _ => "[]",
                });
                break;
            default:
                var wrong = (KafkaPartitioner.PartitionFor(Encoding.UTF8.GetBytes(id), FilterHouse.Partitions) + 1) % FilterHouse.Partitions;
                await house.SendAsync(id, $$"""{"product_id":"{{id}}","name":"x"}""", wrong);
                break;
        }
    }
}
