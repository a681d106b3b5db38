using Marketplace.Gateway.Hosting;

namespace Marketplace.Gateway.Tests.Hosting;

public sealed class BackgroundLaneTests
{
    private const string Name = "lane of a test";

    [Fact]
    public async Task Work_stays_in_the_lane_over_its_awaits_and_leaves_it_when_it_may_not_wait()
    {
        using var lane = new BackgroundLane(Name, threads: 1);
        var places = await Task.Run(async () =>
        {
            List<string?> seen = [];
            foreach (var urgent in new[] { false, true, true, false, false })
            {
                await lane.EnterAsync(unless: urgent);
                seen.Add(Thread.CurrentThread.Name);
                await Task.Yield();
                seen.Add(Thread.CurrentThread.Name);
            }

            return seen;
        });
        places.Select(place => place == Name).ShouldBe([true, true, false, false, false, false, true, true, true, true]);
    }
}
