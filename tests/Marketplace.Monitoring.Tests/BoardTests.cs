using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary>Every expression of the boards, asked of a live Prometheus while traffic flows through a live gateway.</summary>
[Collection(LiveGateway.Name)]
public sealed class BoardTests(LiveGateway gateway)
{
    [Fact]
    public async Task Every_panel_of_marketplace_gateway_and_mirror_shows_something()
    {
        var token = TestContext.Current.CancellationToken;
        using var prometheus = await PrometheusServer.StartAsync(new Dictionary<string, string> { ["gateway:5080"] = gateway.Http.BaseAddress!.Authority }, token);
        foreach (var name in new[] { "marketplace", "gateway", "mirror" })
        {
            await Board.Read(name).CheckAsync(prometheus, () => gateway.WithTrafficAsync(token), Eventually.HangLimit, TestContext.Current.TestOutputHelper!, token);
        }
    }

    [Fact]
    public void The_boards_are_those_that_are_tested_and_grafana_is_provisioned_with_them()
    {
        Board.Names.ShouldBe(["gateway", "kafka", "marketplace", "mirror"]);
        Board.Names.Select(Board.Read).ShouldAllBe(board => board.Queries.Count > 5);
        File.ReadAllText(Repository.Path("grafana/provisioning/datasources/prometheus.yml")).ShouldContain("uid: prometheus");
        var compose = File.ReadAllText(Repository.Path("docker/docker-compose.yml"));
        compose.ShouldContain("../grafana/boards:/var/lib/grafana/boards:ro");
        File.ReadAllText(Repository.Path("grafana/provisioning/dashboards/boards.yml")).ShouldContain("path: /var/lib/grafana/boards");
    }
}
